import { posix } from 'node:path';
import type { HostImage } from '../../hosts/contract.js';
import type { Parameters } from '../../model/parameters.js';

/** Programs that reap zombies and pass signals on, by the name of their file. */
const inits: ReadonlySet<string> = new Set([
  'tini',
  'tini-static',
  'dumb-init',
  'docker-init',
  'catatonit',
  's6-svscan',
  'systemd',
]);
/** Where images with s6-overlay, and those with a whole system, have theirs. */
const initPaths: ReadonlySet<string> = new Set(['/init', '/sbin/init']);

/** The init that a container would start although the engine starts one before it. Null: there is none, or `init` is off. Pure. */
export function ownInit(
  { init, entrypoint, command }: Pick<Parameters, 'init' | 'entrypoint' | 'command'>,
  image: Pick<HostImage, 'entrypoint'>,
): string | null {
  if (!init) return null;
  const [program] = entrypoint ?? image.entrypoint ?? command ?? [];
  if (program === undefined) return null;
  return initPaths.has(program) || inits.has(posix.basename(program)) ? program : null;
}

/** What somebody has to know of it. */
export const twoInits = (program: string): string =>
  `The image starts an init itself (${program}), and \`init: true\` starts one before it. Write \`init: false\` into the run file.`;
