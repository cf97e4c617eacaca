import { createHash } from 'node:crypto';
import { createTurns } from '../../in-turns.js';
import type { DockerfileReading } from '../dockerfile/dockerfile.js';
import { numbered, orderedBy } from '../../positions.js';

/** Part of every fingerprint. Changing it makes all earlier ones differ. */
const fingerprintFormat = 'slipway-inputs-1';

export interface FingerprintEntry {
  readonly path: string;
  readonly mode: string;
  readonly id: string;
}

export interface FingerprintParts {
  /** Everything that the build can read. */
  readonly entries: { readonly length: number; at(position: number): FingerprintEntry | undefined };
  readonly dockerfile: string;
  readonly target: string | null;
  /** The arguments that the Dockerfile declares. */
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Base image → digest, or null if unknown. */
  readonly bases: Readonly<Record<string, string | null>>;
  /** `os/arch` that the engine builds for. */
  readonly platform: string;
  /** Ids of the secrets that steps may mount. Their values are not inputs. */
  readonly secrets: readonly string[];
  /** Entries that make no difference. Undefined: none. */
  readonly passesOver?: (path: string) => boolean;
  /** Folders of the context without a file. */
  readonly folders?: readonly string[];
}

/** Digest (SHA-256, hexadecimal) of everything that a build can read, independent of order. Equal digests mean equal images. */
export async function fingerprintOf(parts: FingerprintParts): Promise<string> {
  const { dockerfile, target, buildArgs, bases, platform, secrets, passesOver = () => false } = parts;
  const hash = createHash('sha256');
  // Omitted if empty, so that older fingerprints stay valid.
  const ids = secrets.length === 0 ? [] : [[...secrets].sort()];
  hash.update(
    JSON.stringify([fingerprintFormat, dockerfile, target, sorted(buildArgs), sorted(bases), platform, ...ids]),
  );
  const nextTurn = createTurns();
  for (const position of await inOrderOfText(parts.entries)) {
    const entry = parts.entries.at(position);
    if (entry && !passesOver(entry.path)) hash.update(`\n${JSON.stringify([entry.path, entry.mode, entry.id])}`);
    const turn = nextTurn();
    if (turn) await turn;
  }
  for (const folder of [...(parts.folders ?? [])].sort()) hash.update(`\n${JSON.stringify([folder])}`);
  return hash.digest('hex');
}

/** Positions sorted by the paths' texts. */
const inOrderOfText = (entries: FingerprintParts['entries']): Promise<Uint32Array> =>
  orderedBy(numbered(entries.length), (position) => JSON.stringify(entries.at(position)?.path));

function sorted<T>(values: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** ARGs that Slipway sets differently for each commit. */
const perCommitArgs = ['SLIPWAY_COMMIT', 'SLIPWAY_VERSION'];

/** Why an image of this Dockerfile may never be reused, as a sentence. Null if it may. */
export function reuseBlockedBy(
  reading: Pick<
    DockerfileReading,
    'args' | 'remoteAdds' | 'unresolvedBases' | 'foreignSyntax' | 'isUnderstood' | 'wholeBecause'
  >,
  bases: Readonly<Record<string, string | null>>,
): string | null {
  const [remote] = reading.remoteAdds;
  if (remote !== undefined) return `ADD ${remote} may fetch something else each time.`;
  if (reading.foreignSyntax) return 'the Dockerfile has a custom frontend.';
  if (!reading.isUnderstood) return `${reading.wholeBecause ?? 'the Dockerfile is not understood'}.`;
  const [unresolved] = reading.unresolvedBases;
  if (unresolved !== undefined) return `base image ${unresolved} cannot be known before the build.`;
  const unknown = Object.entries(bases).find(([, digest]) => digest === null);
  if (unknown) return `base image ${unknown[0]} has no known digest.`;
  const filled = perCommitArgs.find((name) => reading.args.includes(name));
  return filled === undefined ? null : `the Dockerfile declares ${filled}, which differs for every commit.`;
}
