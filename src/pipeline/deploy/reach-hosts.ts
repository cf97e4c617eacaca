import { SlipwayError } from '../../errors.js';
import type { Host } from '../../hosts/contract.js';
import type { HostSettings } from '../../model/environment.js';
import type { DeployAttempt } from './attempt.js';
import type { DeployDeps } from './deps.js';
import type { HostWork } from './host-work.js';
import type { Mask } from '../../mask.js';
import { sentence } from './notes.js';
import { whileItPasses } from './while-it-passes.js';

/** The hosts of a deployment. */
export interface Reached {
  readonly works: readonly HostWork[];
  /** Names of those that cannot be reached. */
  readonly leftOut: readonly string[];
}

/**
 * Reaches all hosts side by side, and waits for each of them until `timeouts.reach`. A host that is still away is left out with a warning,
 * if another is there. Fails with `host-unreachable` if none is.
 */
export async function reachHosts(
  settings: readonly HostSettings[],
  attempt: DeployAttempt,
  mask: Mask,
  deps: DeployDeps,
): Promise<Reached> {
  const { notes } = attempt;
  const reached = await Promise.all(settings.map((one) => reach(one, attempt, deps)));
  const away = reached.flatMap((one) => (one instanceof SlipwayError ? [one] : []));
  const [first] = away;
  if (first !== undefined && away.length === settings.length) throw first;
  const works: HostWork[] = [];
  const leftOut: string[] = [];
  for (const [at, one] of settings.entries()) {
    const host = reached[at];
    if (host === undefined) continue;
    if (host instanceof SlipwayError) {
      leftOut.push(one.name);
      // What was changed there has to be known on the way back.
      if (!notes.touched.has(one.name)) await notes.phase(one.name, 'waiting');
      await notes.caution(`${sentence(host.message)} The host is left out, and brought up to date when it is back.`);
    } else works.push({ host, settings: one, attempt, mask, deps, verified: new Set(), started: new Set() });
  }
  return { works, leftOut };
}

/** The host, or why it cannot be reached. */
async function reach({ name }: HostSettings, attempt: DeployAttempt, deps: DeployDeps): Promise<Host | SlipwayError> {
  const { environment, signal, notes } = attempt;
  try {
    return await whileItPasses(
      { limit: environment.timeouts.reach, clock: deps.clock, signal, ...notes.waits(name) },
      async () => {
        const host = await deps.hosts.find(environment.name, name);
        if (host === null) throw gone(name);
        await host.ping();
        return host;
      },
    );
  } catch (error) {
    if (error instanceof SlipwayError && error.code === 'host-unreachable') return error;
    throw error;
  }
}

const gone = (host: string): SlipwayError =>
  new SlipwayError('host-unreachable', `Host ${host}: it has left the configuration.`, { extra: { host } });
