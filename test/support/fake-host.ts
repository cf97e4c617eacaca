import type { ContainerEvent, ContainerLogLine, Host, HostInfo, NewContainer } from '../../src/hosts/contract.js';
import { faultOf } from '../../src/hosts/messages/faults.js';
import type { ErrorCode } from '../../src/errors.js';
import { FakeContainers, type FakeContainer, type FakeProgram } from './fake-containers.js';
import type { ImageConfig } from './engine-fill.js';

export type HostMethod =
  | 'list'
  | 'inspect'
  | 'create'
  | 'remove'
  | 'start'
  | 'stop'
  | 'setRestart'
  | 'pull'
  | 'tag'
  | 'find'
  | 'removeName'
  | 'volumeExists'
  | 'createVolume'
  | 'follow'
  | 'logs'
  | 'ping'
  | 'info';

/** A host in memory: real code with failures on demand and a transcript of what was asked of it. */
export interface FakeHost extends Host {
  /** One line per call, such as `start ID`. */
  readonly transcript: readonly string[];
  /** By name. */
  readonly all: ReadonlyMap<string, FakeContainer>;
  /** Lets `pull` find an image. `credentials`: the user and password that its registry wants. */
  offer(reference: string, image?: ImageConfig, credentials?: readonly [string, string]): void;
  /** What a container does that runs this command; any other runs until it is stopped. */
  program(command: readonly string[], program: FakeProgram): void;
  /** The next `times` calls of the method fail with the code, and do nothing. */
  fail(method: HostMethod, code: ErrorCode, times?: number): void;
  /** The next `times` calls of the method do their work, and then fail with the code: an answer that was lost. */
  breakOff(method: HostMethod, times?: number, code?: ErrorCode): void;
  /** Somebody else takes a port of the host. */
  occupy(port: number): void;
  /** A container ends by itself. */
  crash(name: string, code: number): void;
  /** A container writes a line to its output. */
  say(name: string, text: string, goesOn?: boolean): void;
  setHealth(name: string, health: 'starting' | 'healthy' | 'unhealthy'): void;
  /** The machine starts again: what has a policy that says so runs. */
  reboot(): void;
  /** Takes the host away (`host-unreachable`), or brings it back. What runs goes on running. */
  setAway(away: boolean): void;
}

export interface FakeHostOptions {
  readonly name?: string;
  readonly info?: Partial<HostInfo>;
  readonly now?: () => number;
  /** Folders that can be mounted. */
  readonly folders?: readonly string[];
}

const usual: HostInfo = {
  cpus: 4,
  memory: 16 * 2 ** 30,
  engineVersion: '28.5.2',
  containerdStore: false,
  limits: { memory: true, swap: true, pids: true },
};

export function createFakeHost({ name = 'a', info = {}, now, folders = ['/tmp'] }: FakeHostOptions = {}): FakeHost {
  const known: HostInfo = { ...usual, ...info };
  const state = new FakeContainers(name, known.limits, now ?? counting(), folders);
  const script = new Script(name, state);
  const call = <T>(method: HostMethod, what: string, work: () => T): Promise<T> => script.call(method, what, work);
  return {
    name,
    containers: {
      list: (labels = {}) => call('list', JSON.stringify(labels), () => state.list(labels)),
      inspect: (id, wanted) => call('inspect', id, () => state.inspect(id, wanted ?? null)),
      create: (container: NewContainer) => call('create', container.name, () => state.create(container)),
      remove: (id) => call('remove', id, () => state.remove(id)),
    },
    controls: {
      start: (id) => call('start', id, () => state.start(id)),
      stop: (id, graceMs) => call('stop', `${id} ${graceMs}`, () => state.stop(id)),
      setRestart: (id, policy) => call('setRestart', `${id} ${policy.name}`, () => state.setRestart(id, policy)),
    },
    images: {
      async pull(reference, credentials, signal) {
        signal.throwIfAborted();
        const login = credentials && ([credentials.username, credentials.password.reveal()] as const);
        await call('pull', reference, () => state.images.pull(reference, login));
      },
      tag: (reference, tag) => call('tag', `${reference} ${tag}`, () => state.images.tag(reference, tag)),
      find: (reference) => call('find', reference, () => state.images.found(reference)),
      remove: (tag) => call('removeName', tag, () => state.removeImage(tag)),
    },
    volumes: {
      exists: (volume) => call('volumeExists', volume, () => state.volumes.has(volume)),
      create: (volume) => call('createVolume', volume, () => void state.volumes.add(volume)),
    },
    events: {
      follow: (since, signal) =>
        script.stream('follow', String(since), signal, () => state.eventsSince(since ?? 0), {
          from: since === null ? state.eventsSince(0).length : 0,
        }),
      logs(id, { tail, follow, since = 0 }, signal) {
        const read = () => state.log(id);
        const first = read().findIndex(({ at }) => (at ?? 0) >= since);
        return script.stream('logs', id, signal, read, {
          from: Math.max(first === -1 ? read().length : first, read().length - Math.min(tail, 10_000)),
          goesOn: () => follow && state.isUp(id),
        });
      },
    },
    ping: () => call('ping', '', () => undefined),
    info: () => call('info', '', () => known),
    close: async () => undefined,
    transcript: script.transcript,
    all: state.byName,
    offer: (reference, image = {}, credentials) => state.images.offer(reference, image, credentials),
    program: (command, program) => void state.programs.set(JSON.stringify(command), program),
    fail: (method, code, times = 1) => script.add(method, { code, before: true }, times),
    breakOff: (method, times = 1, code = 'host-unreachable') => script.add(method, { code, before: false }, times),
    occupy: (port) => void state.occupied.add(port),
    crash: (container, code) => state.crash(container, code),
    say: (container, text, goesOn) => state.say(container, text, goesOn),
    setHealth: (container, health) => state.setHealth(container, health),
    reboot: () => state.reboot(),
    setAway: (away) => script.setAway(away),
  };
}

/** A clock that goes on by a second at each look. */
function counting(): () => number {
  let at = 1_700_000_000_000;
  return () => (at += 1000);
}

interface Failure {
  readonly code: ErrorCode;
  /** False: the call does its work first. */
  readonly before: boolean;
}

class Script {
  readonly transcript: string[] = [];
  readonly #failures = new Map<HostMethod, Failure[]>();
  #lost = new AbortController();
  #away = false;

  constructor(
    private readonly host: string,
    private readonly state: FakeContainers,
  ) {}

  add(method: HostMethod, failure: Failure, times: number): void {
    const list = this.#failures.get(method) ?? [];
    this.#failures.set(method, [...list, ...Array.from({ length: times }, () => failure)]);
  }

  setAway(away: boolean): void {
    this.#away = away;
    if (!away) return;
    this.#lost.abort();
    this.#lost = new AbortController();
  }

  async call<T>(method: HostMethod, what: string, work: () => T): Promise<T> {
    this.#begin(method, what);
    const failure = this.#failures.get(method)?.shift();
    if (failure?.before) throw this.#fault(failure.code);
    const result = work();
    if (failure !== undefined) throw this.#fault(failure.code);
    return result;
  }

  /** Everything that is there, and while `goesOn` what comes, until the signal aborts. */
  async *stream<T extends ContainerEvent | ContainerLogLine>(
    method: HostMethod,
    what: string,
    signal: AbortSignal,
    read: () => readonly T[],
    { from = 0, goesOn = () => true }: { readonly from?: number; readonly goesOn?: () => boolean } = {},
  ): AsyncGenerator<T> {
    if (signal.aborted) return;
    this.#begin(method, what);
    const failure = this.#failures.get(method)?.shift();
    if (failure !== undefined) throw this.#fault(failure.code);
    const lost = this.#lost.signal;
    for (let at = from; ;) {
      const more = goesOn();
      for (let item = read()[at]; item !== undefined; item = read()[at]) {
        at += 1;
        yield item;
        if (signal.aborted) return;
      }
      if (!more) return;
      await this.state.change(signal, lost);
      if (signal.aborted) return;
      if (lost.aborted) throw this.#fault('host-unreachable');
    }
  }

  #begin(method: HostMethod, what: string): void {
    this.transcript.push(`${method} ${what}`.trim());
    if (this.#away) throw this.#fault('host-unreachable');
  }

  #fault(code: ErrorCode): Error {
    return faultOf(this.host, code, 'as the test says');
  }
}
