import { always, type BalancedHost, type Balancer, type Permit } from '../../src/balancer/contract.js';
import { refused } from '../../src/balancer/rules/faults.js';
import { requireAnother } from '../../src/balancer/rules/last-usable.js';
import { SlipwayError, type ErrorCode } from '../../src/errors.js';

export type BalancerMethod = 'observe' | 'enable' | 'drain';

/** A balancer in memory: real code with failures on demand and a transcript of what was asked of it. */
export interface FakeBalancer extends Balancer {
  /** One line per call, such as `drain web a`. */
  readonly transcript: readonly string[];
  /** Makes an enabled host wait for its first check until `passCheck`. Otherwise it passes at once. */
  holdChecks(): void;
  passCheck(service: string, host: string): void;
  /** The balancer sees a host down, or up again. */
  setDown(host: string, down: boolean): void;
  /** Changes what it says of a host, as somebody else would. */
  set(service: string, host: string, changes: Partial<BalancedHost>): void;
  /** It forgets every change, as HAProxy does at a reload without its state file. */
  reload(): void;
  /** Every change from now on has these warnings. */
  warn(...warnings: readonly string[]): void;
  /** The next `times` calls of the method fail with the code, and do nothing. */
  fail(method: BalancerMethod, code: ErrorCode, times?: number): void;
  /** From now on the method does not fail as `fail` said. */
  heal(method: BalancerMethod): void;
  /** The next `times` calls of the method do their work, and then fail: an answer that was lost. */
  breakOff(method: BalancerMethod, times?: number): void;
  /** Takes it away (`balancer-unavailable`), or brings it back. */
  setAway(away: boolean): void;
}

export interface FakeBalancerOptions {
  readonly hosts?: readonly string[];
  /** The others are drained. */
  readonly active?: readonly string[];
  /** It knows no other. Null: it knows any. */
  readonly services?: readonly string[] | null;
}

interface Failure {
  readonly code: ErrorCode;
  /** False: the call does its work first. */
  readonly before: boolean;
}

export function createFakeBalancer(options: FakeBalancerOptions = {}): FakeBalancer {
  const { hosts = ['a', 'b'], active = ['a'], services = null } = options;
  const state = new FakeState(hosts, active, services);
  const transcript: string[] = [];
  const failures = new Map<BalancerMethod, Failure[]>();
  let away = false;
  let warnings: readonly string[] = [];
  const fault = (code: ErrorCode): SlipwayError => new SlipwayError(code, 'Fake balancer: as the test says');
  const add = (method: BalancerMethod, failure: Failure, times: number): void =>
    void failures.set(method, [...(failures.get(method) ?? []), ...Array.from({ length: times }, () => failure)]);
  const call = async <T>(
    method: BalancerMethod,
    words: readonly string[],
    work: () => T,
    permit: Permit = always,
  ): Promise<T> => {
    transcript.push([method, ...words].join(' '));
    if (away) throw fault('balancer-unavailable');
    const failure = failures.get(method)?.shift();
    if (failure?.before) throw fault(failure.code);
    await permit();
    const result = work();
    if (failure !== undefined) throw fault(failure.code);
    return result;
  };
  return {
    observe: (service) => call('observe', [service], () => state.seen(service)),
    enable: (service, host, permit) =>
      call('enable', [service, host], () => state.enable(service, host), permit).then(() => warnings),
    drain: (service, host, permit) =>
      call('drain', [service, host], () => state.drain(service, host), permit).then(() => warnings),
    close: async () => undefined,
    transcript,
    holdChecks: () => void (state.checksAreHeld = true),
    passCheck: (service, host) => state.change(service, host, { passedCheck: true }),
    setDown: (host, down) => void (down ? state.down.add(host) : state.down.delete(host)),
    set: (service, host, changes) => state.change(service, host, changes),
    reload: () => state.forget(),
    warn: (...more) => void (warnings = more),
    fail: (method, code, times = 1) => add(method, { code, before: true }, times),
    heal: (method) => void failures.delete(method),
    breakOff: (method, times = 1) => add(method, { code: 'balancer-unavailable', before: false }, times),
    setAway: (isAway) => void (away = isAway),
  };
}

class FakeState {
  checksAreHeld = false;
  readonly down = new Set<string>();
  readonly #services = new Map<string, Map<string, BalancedHost>>();

  constructor(
    private readonly hosts: readonly string[],
    private readonly active: readonly string[],
    private readonly known: readonly string[] | null,
  ) {}

  seen(service: string): ReadonlyMap<string, BalancedHost> {
    return new Map([...this.#hostsOf(service)].map(([name, host]) => [name, this.#shown(name, host)]));
  }

  enable(service: string, name: string): void {
    const { state } = this.#hostOf(service, name);
    if (state === 'active') return;
    this.change(service, name, { state: 'active', passedCheck: !this.checksAreHeld, reason: null });
  }

  drain(service: string, name: string): void {
    if (this.#hostOf(service, name).state === 'drained') return;
    requireAnother('Fake balancer', this.seen(service), name);
    this.change(service, name, { state: 'drained', reason: null });
  }

  change(service: string, name: string, changes: Partial<BalancedHost>): void {
    this.#hostsOf(service).set(name, { ...this.#hostOf(service, name), ...changes });
  }

  forget(): void {
    this.#services.clear();
  }

  #shown(name: string, host: BalancedHost): BalancedHost {
    if (!this.down.has(name)) return host;
    const seen = { ...host, passedCheck: false };
    return host.state === 'active' ? { ...seen, state: 'down', reason: 'the balancer sees it down' } : seen;
  }

  #hostsOf(service: string): Map<string, BalancedHost> {
    if (this.known?.includes(service) === false) throw refused('Fake balancer', `no service ${service}`);
    const found = this.#services.get(service) ?? new Map(this.hosts.map((host) => [host, this.#fresh(host)]));
    this.#services.set(service, found);
    return found;
  }

  #hostOf(service: string, name: string): BalancedHost {
    const host = this.#hostsOf(service).get(name);
    if (host === undefined) throw refused('Fake balancer', `no host ${name}`);
    return host;
  }

  #fresh = (host: string): BalancedHost => ({
    state: this.active.includes(host) ? 'active' : 'drained',
    sessions: 0,
    passedCheck: true,
    reason: null,
  });
}
