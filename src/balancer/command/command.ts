import type { Mask } from '../../mask.js';
import type { CommandBalancerSettings } from '../../model/environment.js';
import type { InTurn } from '../../turns.js';
import { always, type BalancedHost, type Balancer, type Permit } from '../contract.js';
import { refused, unavailable } from '../rules/faults.js';
import { requireAnother } from '../rules/last-usable.js';
import { fill } from '../rules/placeholders.js';
import { readStates } from './read-states.js';
import { runProgram } from './run-program.js';

const OBSERVE_TIMEOUT_MS = 30_000;
/** Less than a deployment has to have left of its lease before a change: afterwards another server may change the balancer. */
const CHANGE_TIMEOUT_MS = 8_000;

export interface CommandOptions {
  readonly settings: CommandBalancerSettings;
  /** Names of the hosts of the environment. */
  readonly hosts: readonly string[];
  /** For what the programs print. */
  readonly mask: Mask;
  readonly inTurn: InTurn;
  /** Milliseconds for each run of a program. */
  readonly timeouts?: { readonly observe: number; readonly change: number };
}

const usualTimeouts = { observe: OBSERVE_TIMEOUT_MS, change: CHANGE_TIMEOUT_MS };

/** A balancer that programs observe and change. See `Balancer`. */
export function createCommandBalancer(options: CommandOptions): Balancer {
  const { settings, hosts, mask, inTurn, timeouts = usualTimeouts } = options;
  const run = (
    words: readonly string[],
    timeoutMs: number,
    names: { readonly service: string; readonly host?: string },
  ) =>
    runProgram(
      words.map((word) => fill(word, names)),
      { timeoutMs, mask },
    );
  const observe = async (service: string): Promise<ReadonlyMap<string, BalancedHost>> => {
    const read = readStates(mask(await run(settings.observe, timeouts.observe, { service })), hosts);
    if (read.fault !== null) throw unavailable(settings.observe[0] ?? '', read.fault);
    return read.hosts;
  };
  const set = async (what: 'enable' | 'drain', service: string, host: string, permit: Permit): Promise<void> => {
    await permit();
    await run(settings[what], timeouts.change, { service, host });
  };
  const change = async (service: string, host: string, work: () => Promise<void>): Promise<readonly string[]> => {
    if (!hosts.includes(host)) throw refused('The balancer', `the environment has no host ${host}`);
    await inTurn(`${settings.observe.join('\0')}\0${service}`, work);
    return [];
  };
  return {
    observe,
    enable: (service, host, permit = always) => change(service, host, () => set('enable', service, host, permit)),
    drain: (service, host, permit = always) =>
      change(service, host, async () => {
        const states = await observe(service);
        if (states.get(host)?.state === 'drained') return;
        requireAnother('The balancer', states, host);
        await set('drain', service, host, permit);
      }),
    close: async () => undefined,
  };
}
