import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../clock.js';
import type { Log } from '../../log.js';
import type { Mask } from '../../mask.js';
import type { BalancerSettings, Environment } from '../../model/environment.js';
import { createTurns } from '../../turns.js';
import { createCommandBalancer } from '../command/command.js';
import type { Balancer, Balancers } from '../contract.js';
import { createHaproxy } from '../haproxy/haproxy.js';

export interface BalancersDeps {
  readonly environments: () => ReadonlyMap<string, Environment>;
  /** Folder for sockets of tunnels. Each environment has one below it. */
  readonly tunnels: string;
  /** For what programs print. */
  readonly mask: Mask;
  readonly clock: Clock;
  readonly log: Log;
  /** Opens one without connecting. `tunnels`: its own folder. */
  readonly open?: (wanted: WantedBalancer, tunnels: string) => Balancer;
}

/** What a balancer is opened with. */
export interface WantedBalancer {
  readonly settings: BalancerSettings;
  readonly hosts: readonly string[];
}

/** See `Balancers`. */
export function createBalancers(deps: BalancersDeps): Balancers {
  return new OpenBalancers(deps);
}

class OpenBalancers implements Balancers {
  readonly #opened = new Map<string, { readonly wanted: WantedBalancer; readonly balancer: Balancer }>();
  /** One is opened after the one before it is closed: both may have the same tunnel. */
  readonly #closing = new Map<string, Promise<void>>();
  readonly #inTurn = createTurns();
  #over = false;

  constructor(private readonly deps: BalancersDeps) {}

  async find(environment: string): Promise<Balancer | null> {
    for (;;) {
      const wanted = this.#wanted(environment);
      const known = this.#opened.get(environment);
      if (known !== undefined && !isDeepStrictEqual(known.wanted, wanted)) this.#close(environment);
      const closing = this.#closing.get(environment);
      if (closing !== undefined) await closing;
      else return wanted === null ? null : (known?.balancer ?? this.#open(environment, wanted));
    }
  }

  async closeGone(): Promise<void> {
    for (const environment of this.#opened.keys()) if (this.#wanted(environment) === null) this.#close(environment);
    await Promise.all(this.#closing.values());
  }

  async close(): Promise<void> {
    this.#over = true;
    await this.closeGone();
  }

  #wanted(name: string): WantedBalancer | null {
    const environment = this.#over ? undefined : this.deps.environments().get(name);
    const settings = environment?.balancer ?? null;
    return settings === null ? null : { settings, hosts: [...(environment?.hosts.keys() ?? [])] };
  }

  #open(environment: string, wanted: WantedBalancer): Balancer {
    const { tunnels, open = this.#make } = this.deps;
    // Beside the sockets of the hosts, which have the names of hosts.
    const balancer = open(wanted, join(tunnels, environment, '_'));
    this.#opened.set(environment, { wanted, balancer });
    return balancer;
  }

  #make = ({ settings, hosts }: WantedBalancer, tunnels: string): Balancer => {
    const { mask, clock, log } = this.deps;
    const inTurn = this.#inTurn;
    return settings.kind === 'command'
      ? createCommandBalancer({ settings, hosts, mask, inTurn })
      : createHaproxy({ settings, tunnels, sshConfig: null, inTurn, clock, log });
  };

  #close(environment: string): void {
    const known = this.#opened.get(environment);
    if (known === undefined) return;
    this.#opened.delete(environment);
    const closed = known.balancer
      .close()
      .catch((err: unknown) => this.deps.log.warn({ err, environment }, 'could not close the way to a balancer'))
      .finally(() => this.#closing.delete(environment));
    this.#closing.set(environment, closed);
  }
}
