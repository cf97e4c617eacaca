import { createHash } from 'node:crypto';
import type { Clock } from '../../src/clock.js';
import type { BaseImage, BuildEvent, BuildRequest, Engine } from '../../src/engine/contract.js';
import { SlipwayError, type ErrorCode } from '../../src/errors.js';
import { parseReference } from '../../src/image-reference.js';
import { checkedImages } from './checked-images.js';
import { commandsOf, requireFile, stepFailure, stepsOf, type FakeStep } from './fake-dockerfile.js';
import { manualClock } from './manual-clock.js';

type Method =
  'build' | 'find' | 'resolveBase' | 'pull' | 'tag' | 'push' | 'remove' | 'ping' | 'prune' | 'platform' | 'version';

export interface FakeBuild {
  readonly request: BuildRequest;
  /** What the context really held: path → content. */
  readonly files: ReadonlyMap<string, string>;
  readonly imageId: string;
}

/** An engine in memory: real code with failures on demand and a transcript of what was asked of it. */
export interface FakeEngine extends Engine {
  /** One line per call, e.g. `build registry.test/app:1`, `push registry.test/app:1`. */
  readonly transcript: readonly string[];
  /** Builds that ended well. */
  readonly builds: readonly FakeBuild[];
  /** Name → image id. */
  readonly names: ReadonlyMap<string, string>;
  /** Names that were pushed → image id. */
  readonly pushed: ReadonlyMap<string, string>;
  /** Most builds that ever ran side by side. */
  readonly mostAtOnce: number;
  /** Gives the engine an image under a name, as another build would; the id follows from the content. */
  addImage(name: string, content?: string, base?: Partial<Omit<BaseImage, 'digest'>>): string;
  /** Lets `pull` find an image that the engine does not have yet. */
  offer(name: string, content: string): void;
  /** The next `times` calls of the method fail with the code. */
  fail(method: Method, code: ErrorCode, times?: number, step?: string): void;
  /** From now on each build asks for these paths of its context. Null: for none. */
  asks(paths: readonly string[] | null): void;
  /** From now on no build goes further than its start, until it is released or aborted. */
  hold(): void;
  release(): void;
  /** Takes the engine away (`engine-unavailable`) with everything that runs on it, or brings it back. */
  setAway(away: boolean): void;
}

export interface FakeEngineOptions {
  /** Says what time steps begin and end, and how long a `RUN sleep` takes. */
  readonly clock?: Clock;
  /** Carries a push to a registry; what it throws, the push fails with. */
  readonly onPush?: (name: string, imageId: string) => void | Promise<void>;
}

interface StoredImage {
  readonly id: string;
  readonly onbuild: boolean;
  readonly env: Readonly<Record<string, string>>;
}

const idOf = (...parts: readonly string[]): string =>
  `sha256:${createHash('sha256').update(JSON.stringify(parts)).digest('hex')}`;
const unavailable = () => new SlipwayError('engine-unavailable', 'The engine does not answer.');

export function createFakeEngine({ clock = manualClock(), onPush }: FakeEngineOptions = {}): FakeEngine {
  const state = new FakeState(clock);
  return {
    transcript: state.transcript,
    builds: state.builds,
    pushed: state.pushed,
    get names() {
      return new Map([...state.names].map(([name, { id }]) => [name, id]));
    },
    get mostAtOnce() {
      return state.mostAtOnce;
    },
    builder: { build: (request, onEvent, signal) => state.build(request, onEvent, signal) },
    images: checkedImages({
      async find(nameOrId) {
        state.begin('find', nameOrId);
        return state.image(nameOrId)?.id ?? null;
      },
      async resolveBase(reference) {
        state.begin('resolveBase', reference);
        const image = state.image(reference);
        if (image !== null) return { digest: image.id, onbuild: image.onbuild, env: image.env };
        const [, digest] = reference.split('@');
        const known = digest ?? state.offered.get(reference)?.id;
        return known === undefined ? null : { digest: known, onbuild: null, env: null };
      },
      async pull(reference, signal) {
        state.begin('pull', reference, signal);
        const image = state.offered.get(reference);
        if (image === undefined) throw new SlipwayError('base-image-not-found', `There is no ${reference}.`);
        state.names.set(reference, image);
      },
      async tag(imageId, name) {
        state.begin('tag', `${imageId} ${name}`);
        const image = state.image(imageId);
        if (image === null) throw new SlipwayError('engine-error', `There is no image ${imageId}.`);
        state.names.set(name, image);
      },
      async push(name, onLine, signal) {
        state.begin('push', name, signal);
        const image = state.names.get(name);
        if (image === undefined) throw new SlipwayError('engine-error', `There is no image ${name}.`);
        await onPush?.(name, image.id);
        state.pushed.set(name, image.id);
        onLine(`pushed ${name}`);
      },
      async remove(nameOrId) {
        state.begin('remove', nameOrId);
        state.remove(nameOrId);
      },
    }),
    ping: async () => state.begin('ping'),
    prune: async (maxAgeMs) => state.begin('prune', String(maxAgeMs)),
    async platform() {
      state.begin('platform');
      return 'linux/amd64';
    },
    async version() {
      state.begin('version');
      return '28.5.2';
    },
    addImage: (name, content = name, base = {}) => state.add(name, content, base),
    offer: (name, content) => void state.offered.set(name, { id: idOf(content), onbuild: false, env: {} }),
    fail: (method, code, times = 1, step) => state.script(method, code, times, step),
    asks: (paths) => void (state.asked = paths),
    hold: () => void (state.held = true),
    release: () => state.wake(false),
    setAway: (away) => state.setAway(away),
  };
}

class FakeState {
  readonly transcript: string[] = [];
  readonly builds: FakeBuild[] = [];
  readonly names = new Map<string, StoredImage>();
  readonly pushed = new Map<string, string>();
  readonly offered = new Map<string, StoredImage>();
  mostAtOnce = 0;
  held = false;
  asked: readonly string[] | null = null;
  #away = false;
  #lost = new AbortController();
  #atOnce = 0;
  readonly #byId = new Map<string, StoredImage>();
  readonly #failures: { method: Method; error: SlipwayError }[] = [];
  #waiting: (() => void)[] = [];

  constructor(private readonly clock: Clock) {}

  begin(method: Method, what = '', signal?: AbortSignal): void {
    signal?.throwIfAborted();
    this.transcript.push(`${method} ${what}`.trim());
    const scripted = this.#failures.findIndex((failure) => failure.method === method);
    const [failure] = scripted < 0 ? [] : this.#failures.splice(scripted, 1);
    if (failure) throw failure.error;
    if (this.#away) throw unavailable();
  }

  script(method: Method, code: ErrorCode, times: number, step: string | undefined): void {
    for (let left = times; left > 0; left -= 1) {
      this.#failures.push({ method, error: new SlipwayError(code, `scripted: ${code}`, { step }) });
    }
  }

  add(name: string, content: string, { onbuild, env }: Partial<Omit<BaseImage, 'digest'>>): string {
    const image = { id: idOf(content), onbuild: onbuild ?? false, env: env ?? {} };
    this.names.set(name, image);
    this.#byId.set(image.id, image);
    return image.id;
  }

  image(nameOrId: string): StoredImage | null {
    return this.names.get(nameOrId) ?? this.#byId.get(nameOrId) ?? null;
  }

  /** As Docker does: an image goes with its last name, and by its id only if it has no more than one. */
  remove(nameOrId: string): void {
    const image = this.image(nameOrId);
    if (image === null) return;
    const named = [...this.names].filter(([, other]) => other.id === image.id).map(([name]) => name);
    if (!this.names.has(nameOrId) && named.length > 1) return;
    this.names.delete(this.names.has(nameOrId) ? nameOrId : (named[0] ?? ''));
    if (named.length <= 1) this.#byId.delete(image.id);
  }

  setAway(away: boolean): void {
    this.#away = away;
    if (!away) return;
    this.#lost.abort(unavailable());
    this.#lost = new AbortController();
  }

  wake(held: boolean): void {
    this.held = held;
    for (const wake of this.#waiting.splice(0)) wake();
  }

  async build(
    request: BuildRequest,
    onEvent: (event: BuildEvent) => void,
    signal: AbortSignal,
  ): Promise<{ imageId: string }> {
    this.begin('build', request.tag, signal);
    const stop = AbortSignal.any([signal, this.#lost.signal]);
    this.#atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#atOnce);
    try {
      if (this.held) await this.#untilReleased(stop);
      if (this.asked !== null) await request.context.apart?.offer(this.asked);
      const files = await read(request);
      const imageId = await this.#run(request, files, onEvent, stop);
      this.builds.push({ request, files, imageId });
      return { imageId };
    } finally {
      this.#atOnce -= 1;
    }
  }

  async #untilReleased(stop: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      stop.addEventListener('abort', () => resolve());
    });
    stop.throwIfAborted();
  }

  async #run(
    request: BuildRequest,
    files: ReadonlyMap<string, string>,
    onEvent: (event: BuildEvent) => void,
    stop: AbortSignal,
  ): Promise<string> {
    const dockerfile = files.get(request.dockerfile);
    if (dockerfile === undefined) throw new SlipwayError('dockerfile-invalid', `There is no ${request.dockerfile}.`);
    const bases: string[] = [];
    for (const step of stepsOf(dockerfile, request.buildArgs)) {
      onEvent({ kind: 'step-started', step: step.name, at: this.clock.now() });
      const error = await this.#runStep(step, files, bases, onEvent, stop).catch((thrown: Error) => thrown);
      const end = { kind: 'step-finished', step: step.name, at: this.clock.now(), cached: false } as const;
      onEvent({ ...end, error: error?.message ?? null });
      if (error !== undefined) throw error;
    }
    const exporting = { step: 'exporting to image', at: this.clock.now() };
    onEvent({ kind: 'step-started', ...exporting });
    onEvent({ kind: 'step-finished', ...exporting, cached: false, error: null });
    const { target, buildArgs, labels } = request;
    const content = JSON.stringify([[...files], bases, target, buildArgs, labels]);
    return this.add(request.tag, content, {});
  }

  async #runStep(
    step: FakeStep,
    files: ReadonlyMap<string, string>,
    bases: string[],
    onEvent: (event: BuildEvent) => void,
    stop: AbortSignal,
  ): Promise<undefined> {
    const [first = ''] = step.rest.split(' ');
    if (step.instruction === 'FROM' && first !== 'scratch') bases.push(this.#baseId(first));
    if (step.instruction === 'COPY') requireFile(step, first, files);
    if (step.instruction !== 'RUN') return;
    const printed: string[] = [];
    for (const command of commandsOf(step.rest, files)) {
      if (command.kind === 'sleep') await this.clock.sleep(command.ms, stop);
      stop.throwIfAborted();
      if (command.kind === 'echo') {
        printed.push(command.text);
        onEvent({ kind: 'output', line: { step: step.name, text: command.text } });
      }
      if (command.kind === 'exit' && command.code !== 0)
        throw stepFailure(step, `exit code ${command.code}\n${printed.join('\n')}`);
    }
  }

  #baseId(reference: string): string {
    if (parseReference(reference) === null)
      throw new SlipwayError('dockerfile-invalid', `failed to parse stage name "${reference}"`);
    const image = this.image(reference) ?? this.offered.get(reference);
    if (image === undefined || image === null) {
      throw new SlipwayError('base-image-not-found', `The base image ${reference} does not exist.`);
    }
    return image.id;
  }
}

async function read({ context }: BuildRequest): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for await (const { entry, chunks } of context.open(context.entries)) {
    const parts: Buffer[] = [];
    for await (const chunk of chunks) parts.push(chunk);
    files.set(entry.path, Buffer.concat(parts).toString());
  }
  return files;
}
