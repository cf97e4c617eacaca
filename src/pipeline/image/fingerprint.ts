import { createHash } from 'node:crypto';
import type { DockerfileReading } from './dockerfile.js';

export interface FingerprintInputs {
  /** What the build can read, in any order; `id` is the identity of the content. */
  readonly entries: readonly { readonly path: string; readonly mode: string; readonly id: string }[];
  readonly dockerfile: string;
  readonly target: string | null;
  /** The declared ones alone. */
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Base image as the Dockerfile names it → its digest; null where that is not known. */
  readonly bases: Readonly<Record<string, string | null>>;
  readonly platform: string | null;
  /** Folders without a file, where the context has any. */
  readonly folders?: readonly string[];
}

/** Part of what is hashed: a change of the format below makes every fingerprint a new one. */
const FORMAT = 'slipway-inputs-1';

/**
 * SHA-256 (hex) over everything a build is made from; equal for equal inputs, whatever their order. Format: the JSON of
 * `[FORMAT, dockerfile, target, platform, [[arg, value]…], [[base, digest]…], [[path, mode, id]…], [folder…]]`, each list sorted by name.
 * The artifact is among the entries, where the build can read it.
 */
export function fingerprintOf(inputs: FingerprintInputs): string {
  const { entries, dockerfile, target, buildArgs, bases, platform, folders = [] } = inputs;
  const files = entries.map(({ path, mode, id }) => [path, mode, id]);
  const parts = [
    FORMAT,
    dockerfile,
    target,
    platform,
    byName(buildArgs),
    byName(bases),
    files.sort(byFirst),
    [...folders].sort(),
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function byName<T>(record: Readonly<Record<string, T>>): (readonly [string, T])[] {
  return Object.entries(record).sort(byFirst);
}

function byFirst([a = '']: readonly (string | unknown)[], [b = '']: readonly (string | unknown)[]): number {
  return String(a) < String(b) ? -1 : 1;
}

/** Why no existing image may stand for a build of this Dockerfile, as a sentence; null where one of equal fingerprint may. */
export function reuseHindrance(
  reading: Pick<DockerfileReading, 'remoteAdds' | 'unresolvedBases' | 'foreignSyntax' | 'syntax'>,
  bases: Readonly<Record<string, string | null>>,
): string | null {
  const [remote] = reading.remoteAdds;
  if (remote !== undefined) return `ADD fetches ${remote}, whose content may change.`;
  if (reading.foreignSyntax)
    return `The Dockerfile is read by the frontend ${reading.syntax}; what it depends on is not known.`;
  const unknown = reading.unresolvedBases[0] ?? Object.entries(bases).find(([, digest]) => digest === null)?.[0];
  return unknown === undefined ? null : `The digest of the base image ${unknown} is not known.`;
}
