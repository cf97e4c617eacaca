import type { Mask } from '../../mask.js';
import type { CommandBalancerSettings } from '../../model/environment.js';
import type { InTurn } from '../../turns.js';
import type { BalancedHost, Balancer } from '../contract.js';
import { refused, unavailable } from '../rules/faults.js';
import { requireAnother } from '../rules/last-usable.js';
import { fill } from '../rules/placeholders.js';
import { readStates } from './read-states.js';
import { runProgram } from './run-program.js';

const PROGRAM_TIMEOUT_MS = 30_000;

export interface CommandOptions {
  readonly settings: CommandBalancerSettings;
  /** Names of the hosts of the environment. */
  readonly hosts: readonly string[];
  /** For what the programs print. */
  readonly mask: Mask;
  readonly inTurn: InTurn;
  /** Milliseconds for each run of a program. */
  readonly timeoutMs?: number;
}

/** A balancer that programs observe and change. See `Balancer`. */
export function createCommandBalancer(options: CommandOptions): Balancer {
  const { settings, hosts, mask, inTurn, timeoutMs = PROGRAM_TIMEOUT_MS } = options;
  const run = (words: readonly string[], names: { readonly service: string; readonly host?: string }) =>
    runProgram(
      words.map((word) => fill(word, names)),
      { timeoutMs, mask },
    );
  const observe = async (service: string): Promise<ReadonlyMap<string, BalancedHost>> => {
    const read = readStates(mask(await run(settings.observe, { service })), hosts);
    if (read.fault !== null) throw unavailable(settings.observe[0] ?? '', read.fault);
    return read.hosts;
  };
  const change = async (service: string, host: string, work: () => Promise<void>): Promise<readonly string[]> => {
    if (!hosts.includes(host)) throw refused('The balancer', `the environment has no host ${host}`);
    await inTurn(`${settings.observe.join('\0')}\0${service}`, work);
    return [];
  };
  return {
    observe,
    enable: (service, host) => change(service, host, async () => void (await run(settings.enable, { service, host }))),
    drain: (service, host) =>
      change(service, host, async () => {
        const states = await observe(service);
        if (states.get(host)?.state === 'drained') return;
        requireAnother('The balancer', states, host);
        await run(settings.drain, { service, host });
      }),
    close: async () => undefined,
  };
}
