import { createHash } from 'node:crypto';
import { createBreather } from '../../breathe.js';
import type { DockerfileReading } from '../dockerfile/dockerfile.js';
import { numbered, orderedBy } from '../../positions.js';

/** Part of every fingerprint: a change of what goes into one makes all earlier ones differ. */
const FORMAT = 'slipway-inputs-1';

export interface FingerprintEntry {
  readonly path: string;
  readonly mode: string;
  readonly id: string;
}

export interface FingerprintParts {
  /** Everything the build can read. */
  readonly entries: { readonly length: number; at(position: number): FingerprintEntry | undefined };
  readonly dockerfile: string;
  readonly target: string | null;
  /** Those that the Dockerfile declares. */
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Base image → digest; null where it is not known. */
  readonly bases: Readonly<Record<string, string | null>>;
  /** `os/arch` that the engine builds for. */
  readonly platform: string;
  /** Ids of the secrets that steps may mount; their values are no input. */
  readonly secrets: readonly string[];
  /** Folders of the context that hold no file. */
  readonly folders?: readonly string[];
}

/** Digest (SHA-256, hexadecimal) over everything a build can read, whatever the order it is listed in: equal digests, equal images. */
export async function fingerprintOf(parts: FingerprintParts): Promise<string> {
  const { dockerfile, target, buildArgs, bases, platform, secrets } = parts;
  const hash = createHash('sha256');
  // Left out where there are none, so that fingerprints from before they counted stay.
  const ids = secrets.length === 0 ? [] : [[...secrets].sort()];
  hash.update(JSON.stringify([FORMAT, dockerfile, target, sorted(buildArgs), sorted(bases), platform, ...ids]));
  const breathe = createBreather();
  for (const position of await inOrderOfText(parts.entries)) {
    const entry = parts.entries.at(position);
    if (entry) hash.update(`\n${JSON.stringify([entry.path, entry.mode, entry.id])}`);
    const pause = breathe();
    if (pause) await pause;
  }
  for (const folder of [...(parts.folders ?? [])].sort()) hash.update(`\n${JSON.stringify([folder])}`);
  return hash.digest('hex');
}

/** Positions in the order of the paths' texts in the digest. */
const inOrderOfText = (entries: FingerprintParts['entries']): Promise<Uint32Array> =>
  orderedBy(numbered(entries.length), (position) => JSON.stringify(entries.at(position)?.path));

function sorted<T>(values: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** ARGs that Slipway fills differently for each commit. */
const PER_COMMIT = ['SLIPWAY_COMMIT', 'SLIPWAY_VERSION'];

/** Why an image made by this Dockerfile may never stand for another build, as a sentence; null where equal inputs make it one. */
export function reuseHindrance(
  reading: Pick<DockerfileReading, 'args' | 'remoteAdds' | 'unresolvedBases' | 'foreignSyntax' | 'isUnderstood'>,
  bases: Readonly<Record<string, string | null>>,
): string | null {
  const [remote] = reading.remoteAdds;
  if (remote !== undefined) return `ADD ${remote} may bring something else each time.`;
  if (reading.foreignSyntax) return 'the Dockerfile has a frontend of its own.';
  if (!reading.isUnderstood) return 'the Dockerfile takes too long to read.';
  const [unresolved] = reading.unresolvedBases;
  if (unresolved !== undefined) return `base image ${unresolved} cannot be known before the build.`;
  const unknown = Object.entries(bases).find(([, digest]) => digest === null);
  if (unknown) return `base image ${unknown[0]} has no known digest.`;
  const filled = PER_COMMIT.find((name) => reading.args.includes(name));
  return filled === undefined ? null : `the Dockerfile declares ${filled}, which every commit fills anew.`;
}
