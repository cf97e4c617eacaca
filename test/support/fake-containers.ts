import { createHash, randomUUID } from 'node:crypto';
import { readParameters } from '../../src/hosts/specification/read-parameters.js';
import { readImageSettings } from '../../src/hosts/specification/image-settings.js';
import { createBody } from '../../src/hosts/specification/create-body.js';
import type {
  ContainerAction,
  ContainerEvent,
  ContainerLogLine,
  HostLimits,
  NewContainer,
  ObservedContainer,
  Specification,
} from '../../src/hosts/contract.js';
import { faultOf } from '../../src/hosts/messages/faults.js';
import type { BoundPort, ContainerExit, ContainerState, ContainerSummary } from '../../src/model/container.js';
import type { RestartPolicy } from '../../src/model/parameters.js';
import { fillIn } from './engine-fill.js';
import { FakeImages } from './fake-images.js';

/** What a container does when it is started. */
export interface FakeProgram {
  readonly lines?: readonly Omit<ContainerLogLine, 'at'>[];
  /** It ends at once with this code. Absent: it runs on. */
  readonly exit?: number;
  /** It cannot be started at all. */
  readonly broken?: boolean;
}

export interface FakeContainer {
  readonly id: string;
  readonly container: NewContainer;
  readonly imageId: string;
  readonly createdAt: number;
  readonly log: ContainerLogLine[];
  status: 'created' | 'running' | 'exited';
  restart: RestartPolicy;
  startedAt: number | null;
  exit: ContainerExit | null;
  health: ContainerState['health'];
}

/** The containers of a fake host. Ports, names, volumes and policies count as on an engine. */
export class FakeContainers {
  readonly byName = new Map<string, FakeContainer>();
  readonly volumes = new Set<string>();
  readonly occupied = new Set<number>();
  readonly programs = new Map<string, FakeProgram>();
  readonly images: FakeImages;
  readonly #events: ContainerEvent[] = [];
  #waiting: (() => void)[] = [];

  constructor(
    private readonly host: string,
    private readonly limits: HostLimits,
    private readonly now: () => number,
    private readonly folders: readonly string[],
  ) {
    this.images = new FakeImages(host);
  }

  #find(idOrName: string): FakeContainer | null {
    return this.byName.get(idOrName) ?? [...this.byName.values()].find(({ id }) => id === idOrName) ?? null;
  }

  list(labels: Readonly<Record<string, string>>): readonly ContainerSummary[] {
    return [...this.byName.values()]
      .map((one) => this.#summary(one))
      .filter((one) => Object.entries(labels).every(([name, value]) => one.labels[name] === value));
  }

  #labels({ container, imageId }: FakeContainer): Readonly<Record<string, string>> {
    const { config = {} } = this.images.find(imageId) ?? {};
    return { ...config.Labels, ...container.parameters.labels, ...container.labels };
  }

  #summary(one: FakeContainer): ContainerSummary {
    const { id, container, imageId, status, createdAt } = one;
    const ports = status === 'running' ? boundPorts(container) : [];
    return {
      id,
      name: container.name,
      image: container.image,
      imageId,
      labels: this.#labels(one),
      status,
      ports,
      createdAt,
    };
  }

  inspect(idOrName: string, wanted: Specification | null): ObservedContainer | null {
    const one = this.#find(idOrName);
    if (one === null) return null;
    const { id, container, imageId, restart, createdAt } = one;
    const image = this.images.find(imageId);
    const body = createBody({ ...container, restart });
    const mounts = container.parameters.mounts.map(({ source, target, kind }) => ({ kind, volume: source, target }));
    return {
      id,
      name: container.name,
      image: container.image,
      imageId,
      digests: image?.digests ?? [],
      labels: this.#labels(one),
      state: stateOf(one),
      restart,
      further: [],
      parameters:
        image &&
        readParameters(
          { Id: id, ...fillIn(body, image.config, id) },
          { image: readImageSettings({ Config: image.config }), wanted, limits: this.limits },
        ),
      volumes: [...mounts.filter(({ kind }) => kind === 'volume'), ...container.takeOver]
        .map(({ volume, target }) => ({ volume, target }))
        .sort((a, b) => (a.target < b.target ? -1 : 1)),
      createdAt,
    };
  }

  create(container: NewContainer): { id: string; warnings: readonly string[] } {
    const { name, image: reference, parameters, labels } = container;
    for (const { kind, source, external } of parameters.mounts) {
      if (kind === 'bind' && !this.folders.includes(source)) throw this.#fault('bind-missing', source);
      if (kind === 'volume' && external && !this.volumes.has(source)) throw this.#fault('volume-missing', source);
    }
    const other = this.byName.get(name);
    if (other !== undefined) {
      const has = this.#labels(other);
      if (Object.entries(labels).every(([key, value]) => has[key] === value)) return { id: other.id, warnings: [] };
      throw this.#fault('owned-by-other', name);
    }
    const image = this.images.find(reference);
    if (image === null) throw this.#fault('image-pull-failed', reference);
    for (const { kind, source } of parameters.mounts) if (kind === 'volume') this.volumes.add(source);
    const id = createHash('sha256').update(randomUUID()).digest('hex');
    this.byName.set(name, {
      id,
      container,
      imageId: image.id,
      createdAt: this.now(),
      log: [],
      status: 'created',
      restart: container.restart,
      startedAt: null,
      exit: null,
      health: null,
    });
    this.#happened('create', name);
    return { id, warnings: [] };
  }

  remove(id: string): boolean {
    const one = this.#find(id);
    if (one?.status === 'running') return false;
    if (one !== null) {
      this.byName.delete(one.container.name);
      this.#happened('destroy', one.container.name, one);
    }
    return true;
  }

  removeImage(name: string): boolean {
    const image = this.images.find(name);
    const isNeeded = [...this.byName.values()].some(({ imageId }) => imageId === image?.id);
    if (image !== null && isNeeded && this.images.isLast(name)) return false;
    this.images.remove(name);
    return true;
  }

  start(id: string): boolean {
    const one = this.#find(id);
    if (one === null) return false;
    if (one.status === 'running') return true;
    const { parameters } = one.container;
    const program = this.programs.get(JSON.stringify(parameters.command)) ?? {};
    if (program.broken) throw this.#fault('container-start-failed', 'executable file not found');
    const taken = parameters.ports.find((port) => this.#isTaken(port.hostPort, one));
    if (taken !== undefined) throw this.#fault('port-in-use', `port ${taken.hostPort} is already allocated`);
    this.#run(one, program);
    return true;
  }

  #run(one: FakeContainer, program: FakeProgram): void {
    const { name, parameters } = one.container;
    one.status = 'running';
    one.startedAt = this.now();
    one.health = parameters.healthcheck === null || parameters.healthcheck.disabled ? null : 'starting';
    this.#happened('start', name);
    one.log.push(...(program.lines ?? []).map((line) => ({ ...line, at: this.now() })));
    if (program.exit !== undefined) this.crash(name, program.exit);
  }

  #isTaken(port: number | null, by: FakeContainer): boolean {
    if (port === null) return false;
    const others = [...this.byName.values()].filter((one) => one !== by && one.status === 'running');
    return (
      this.occupied.has(port) ||
      others.some(({ container }) => container.parameters.ports.some((own) => own.hostPort === port))
    );
  }

  stop(id: string): boolean {
    const one = this.#find(id);
    if (one?.status === 'running') this.crash(one.container.name, 143);
    return one !== null;
  }

  crash(name: string, code: number): void {
    const one = this.byName.get(name);
    if (one?.status !== 'running') throw new Error(`${name} does not run.`);
    one.status = 'exited';
    one.exit = { code, oom: false, at: this.now() };
    this.#happened('die', name);
  }

  say(name: string, text: string, goesOn = false): void {
    const one = this.byName.get(name);
    if (one === undefined) throw new Error(`There is no ${name}.`);
    one.log.push({ stream: 'stdout', at: this.now(), text, ...(goesOn ? { goesOn } : {}) });
    this.#wake();
  }

  setHealth(name: string, health: ContainerState['health']): void {
    const one = this.byName.get(name);
    if (one === undefined) throw new Error(`There is no ${name}.`);
    one.health = health;
    this.#happened('health', name);
  }

  setRestart(id: string, policy: RestartPolicy): boolean {
    const one = this.#find(id);
    if (one === null) return false;
    one.restart = policy;
    this.#happened('update', one.container.name);
    return true;
  }

  /** `always` runs again although it was stopped; `unless-stopped` only if it ran. */
  reboot(): void {
    for (const one of this.byName.values()) {
      const ran = one.status === 'running';
      if (ran) this.crash(one.container.name, 137);
      const { name } = one.restart;
      if (one.startedAt !== null && (name === 'always' || (ran && name === 'unless-stopped'))) this.#run(one, {});
    }
  }

  isUp = (id: string): boolean => this.#find(id)?.status === 'running';

  log(id: string): readonly ContainerLogLine[] {
    return this.#find(id)?.log ?? [];
  }

  eventsSince(since: number): readonly ContainerEvent[] {
    return this.#events.filter(({ at }) => at >= since);
  }

  /** The next thing that happens, or the end of a signal. */
  change(...signals: readonly AbortSignal[]): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      for (const signal of signals) signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  #happened(action: ContainerAction, name: string, one = this.byName.get(name)): void {
    const attributes = one ? { ...this.#labels(one), name } : { name };
    this.#events.push({ at: this.now(), action, id: one?.id ?? '', name, attributes });
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #fault(code: Parameters<typeof faultOf>[1], words: string): Error {
    return faultOf(this.host, code, words);
  }
}

function stateOf({ status, health, startedAt, exit }: FakeContainer): ContainerState {
  const isUp = status === 'running';
  return { status, health: isUp ? health : null, startedAt, restarts: 0, lastExit: isUp ? null : exit };
}

function boundPorts({ parameters, publish }: NewContainer): readonly BoundPort[] {
  return parameters.ports.map(({ hostIp, hostPort, containerPort, protocol }) => ({
    hostIp: hostIp || (publish ?? '0.0.0.0'),
    hostPort: hostPort ?? 49_153,
    containerPort,
    protocol,
  }));
}
