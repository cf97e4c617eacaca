import type { Build } from '../model/build.js';
import type { ApiDeps } from './deps.js';
import { knownBuild } from './known-build.js';
import { waitUntilEnded, type Subject } from './until-ended.js';

/** True if a build has ended, in any way. */
export function ended({ status }: Pick<Build, 'status'>): boolean {
  return status !== 'queued' && status !== 'running';
}

/** A build, of which a client wants to see the end. Reading it fails with `unknown-build`. */
export const buildSubject = (deps: Pick<ApiDeps, 'store'>, id: string): Subject<Build> => ({
  ...{ type: 'build', id, read: () => knownBuild(deps, id), ended },
});

/** The build when it has ended, or its state after `atMost` milliseconds, at shutdown, or when the client is gone. */
export const waitForEnd = (
  deps: Pick<ApiDeps, 'store' | 'events' | 'stopping'>,
  { id }: Build,
  atMost: number,
  gone: AbortSignal,
): Promise<Build> => waitUntilEnded(buildSubject(deps, id), atMost, gone, deps);
