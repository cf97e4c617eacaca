import type { SlipwayError } from '../../src/errors.js';
import type { Engine } from '../../src/engine/contract.js';
import { buildRequest, eventLog, never } from '../support/engine.js';

export interface EngineHarness {
  readonly engine: Engine;
  /** An image that the engine has, with a shell and GREETING=hello=you in its environment. */
  readonly base: string;
  /** A name at a registry that answers and has no such image. */
  readonly missing: string;
  /** A registry that the engine may push to. */
  readonly registry: string;
  /** Whether the registry has the name. */
  arrived(name: string): Promise<boolean>;
  /** Takes the engine away, and brings it back. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

const failure = (work: Promise<unknown>): Promise<Partial<SlipwayError>> =>
  work.then(
    () => ({}),
    (error: SlipwayError) => error,
  );

/** What every engine does. */
export function engineContract(name: string, open: () => Promise<EngineHarness>): void {
  describe(`${name} as an engine`, () => {
    let harness: EngineHarness;
    let engine: Engine;
    beforeAll(async () => {
      harness = await open();
      engine = harness.engine;
    }, 60_000);
    afterAll(() => harness.close());

    const build = (dockerfile: string, changes: object = {}, log = eventLog()) =>
      engine.builder.build(buildRequest({ Dockerfile: dockerfile }, changes), log.take, never);

    buildFacts(() => harness, build);
    imageFacts(() => harness, build);

    test('is unavailable while it is away, and answers again afterwards', async () => {
      await harness.goAway();
      expect(await failure(engine.ping())).toMatchObject({ code: 'engine-unavailable', retryable: true });
      expect(await failure(build('FROM scratch'))).toMatchObject({ code: 'engine-unavailable' });
      expect(await failure(engine.images.find('x:1'))).toMatchObject({ code: 'engine-unavailable' });
      await harness.comeBack();
      await engine.ping();
    });

    test('says what it builds for', async () => {
      expect(await engine.platform()).toMatch(/^linux\/[a-z0-9]+$/);
    });

    test('says its version', async () => {
      expect(await engine.version()).toMatch(/^\d+\.\d+/);
    });

    test('prunes without touching images that have names', async () => {
      const tag = `${harness.registry}/contract/kept:1`;
      await build(`FROM ${harness.base}\nRUN echo kept`, { tag, labels: { 'dev.slipway.service': 'kept' } });
      await engine.prune(3_600_000);
      expect(await engine.images.find(tag)).not.toBeNull();
      await engine.images.remove(tag);
    });
  });
}

type Build = (dockerfile: string, changes?: object, log?: ReturnType<typeof eventLog>) => Promise<{ imageId: string }>;

function buildFacts(harness: () => EngineHarness, build: Build): void {
  test('a build gives an image under its tag', async () => {
    const tag = `${harness().registry}/contract/app:1`;
    const { imageId } = await build(`FROM ${harness().base}\nRUN echo one`, { tag });
    expect(imageId).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(await harness().engine.images.find(tag)).toBe(imageId);
    expect(await harness().engine.images.find(imageId)).toBe(imageId);
  });

  test('equal requests give the same image, and another label another', async () => {
    const dockerfile = `FROM ${harness().base}\nRUN echo same`;
    // With containerd's store, the inline cache of an image whose steps ran has an entry more than that of one from the cache.
    await build(dockerfile, { labels: { a: '1' } });
    const first = await build(dockerfile, { labels: { a: '1' } });
    expect(await build(dockerfile, { labels: { a: '1' } })).toEqual(first);
    expect(await build(dockerfile, { labels: { a: '2' } })).not.toEqual(first);
  });

  test('steps are named as BuildKit names them, finish once, and their output comes as whole lines', async () => {
    const log = eventLog();
    await build(`FROM ${harness().base}\nRUN echo first words; echo second`, { noCache: true }, log);
    const step = '[2/2] RUN echo first words; echo second';
    expect(log.started().filter((name) => name === step)).toHaveLength(1);
    expect(log.finished().filter((name) => name === step)).toHaveLength(1);
    expect(log.started().toSorted()).toEqual(log.finished().toSorted());
    expect(log.events).toContainEqual({ kind: 'output', line: { step, text: 'first words' } });
    expect(log.lines()).toEqual(['first words', 'second']);
  });

  test('the export of the image is reported once its steps are done', async () => {
    const log = eventLog();
    await build(`FROM ${harness().base}\nRUN echo exported`, { labels: { a: '3' } }, log);
    const steps = log.events.map((event) => (event.kind === 'output' ? '' : `${event.kind} ${event.step}`));
    const begins = steps.indexOf('step-started exporting to image');
    expect(begins).toBeGreaterThan(steps.indexOf('step-finished [2/2] RUN echo exported'));
  });

  test('a failing step is named, with its exit code and its last lines', async () => {
    const log = eventLog();
    const error = await failure(build(`FROM ${harness().base}\nRUN echo why; exit 3`, { noCache: true }, log));
    expect(error).toMatchObject({ code: 'dockerfile-step-failed', step: '[2/2] RUN echo why; exit 3' });
    expect(error.message).toMatch(/exit code 3[^]*why/);
    const ends = log.events.filter((event) => event.kind === 'step-finished' && event.error !== null);
    expect(ends).toMatchObject([{ step: '[2/2] RUN echo why; exit 3' }]);
  });

  test('a wrong instruction is reported with its line', async () => {
    const error = await failure(build(`FROM ${harness().base}\nRUMM x`));
    expect(error).toMatchObject({ code: 'dockerfile-invalid', extra: { line: 2 } });
    expect(error.message).toContain('RUMM');
  });

  test('a Dockerfile that is not in the context is reported', async () => {
    const dockerfile = 'docker/Dockerfile';
    expect(await failure(build('FROM scratch', { dockerfile }))).toMatchObject({ code: 'dockerfile-invalid' });
  });

  test('a base image that does not exist is named', async () => {
    const error = await failure(build(`FROM ${harness().missing}\nRUN true`));
    expect(error).toMatchObject({ code: 'base-image-not-found', retryable: false });
    expect(error.message).toContain(harness().missing);
  });

  test('a base image whose name is not a reference makes the Dockerfile invalid', async () => {
    const error = await failure(build('ARG REGISTRY\nFROM ${REGISTRY}/node:20\nRUN true'));
    expect(error).toMatchObject({ code: 'dockerfile-invalid', retryable: false });
    expect(error.message).toContain('/node:20');
  });

  test('a COPY of what the context lacks is reported with its step and the file', async () => {
    const error = await failure(build(`FROM ${harness().base}\nCOPY app.jar /opt/`));
    expect(error).toMatchObject({ code: 'dockerfile-step-failed', step: '[2/2] COPY app.jar /opt/' });
    expect(error.message).toContain('needs /app.jar, which does not exist');
  });

  test('aborting stops a step that would run for ten minutes, and rejects with the reason', async () => {
    const stop = new AbortController();
    const reason = new Error('enough');
    const log = eventLog();
    const request = buildRequest({ Dockerfile: `FROM ${harness().base}\nRUN sleep 600` }, { noCache: true });
    const building = harness().engine.builder.build(request, log.take, stop.signal);
    await log.until((event) => event.kind === 'step-started' && event.step === '[2/2] RUN sleep 600');
    stop.abort(reason);
    await expect(building).rejects.toBe(reason);
  }, 8_000);

  test('an aborted signal begins nothing', async () => {
    const log = eventLog();
    const signal = AbortSignal.abort(new Error('too late'));
    const request = buildRequest({ Dockerfile: 'FROM scratch' });
    await expect(harness().engine.builder.build(request, log.take, signal)).rejects.toThrow('too late');
    expect(log.events).toEqual([]);
  });

  test('a context whose source fails ends the build with that failure', async () => {
    const request = buildRequest({ Dockerfile: `FROM ${harness().base}\nCOPY . /`, 'a.txt': 'a' });
    const context = {
      ...request.context,
      async *open(): AsyncGenerator<never> {
        throw new Error('the disk is gone');
      },
    };
    await expect(harness().engine.builder.build({ ...request, context }, () => undefined, never)).rejects.toThrow(
      'the disk is gone',
    );
  });
}

function imageFacts(harness: () => EngineHarness, build: Build): void {
  const images = () => harness().engine.images;

  test('an image that the engine does not have is not found', async () => {
    expect(await images().find('registry.test/nothing:1')).toBeNull();
    expect(await images().find(`sha256:${'0'.repeat(64)}`)).toBeNull();
  });

  test.each(['', '/node:20', 'registry.test/../x', 'Node:20'])(
    'nothing has the name %j, nor ever gets it',
    async (name) => {
      const { imageId } = await build(`FROM ${harness().base}\nRUN echo nameless`, { tag: 'registry.test/nameless:1' });
      expect(await images().find(name)).toBeNull();
      expect(await images().resolveBase(name)).toBeNull();
      expect(await failure(images().pull(name, never))).toMatchObject({ code: 'base-image-not-found' });
      expect(await failure(images().tag(imageId, name))).toMatchObject({ code: 'internal' });
      expect(await failure(images().push(name, () => undefined, never))).toMatchObject({ code: 'internal' });
      await images().remove(name);
      await images().remove('registry.test/nameless:1');
    },
  );

  test('removing takes the name away, and is silent where there is none', async () => {
    const { imageId } = await build(`FROM ${harness().base}\nRUN echo removed`, { tag: 'registry.test/removed:1' });
    await images().tag(imageId, 'registry.test/removed:2');
    expect(await images().find('registry.test/removed:2')).toBe(imageId);
    await images().remove('registry.test/removed:1');
    expect(await images().find('registry.test/removed:1')).toBeNull();
    expect(await images().find(imageId)).toBe(imageId);
    await images().remove('registry.test/removed:2');
    await images().remove('registry.test/removed:2');
  });

  test('an image with several names is left alone when it is to be removed by its id', async () => {
    const { imageId } = await build(`FROM ${harness().base}\nRUN echo shared`, { tag: 'registry.test/shared:1' });
    await images().tag(imageId, 'registry.test/shared-too:1');
    await images().remove(imageId);
    expect(await images().find('registry.test/shared:1')).toBe(imageId);
    await images().remove('registry.test/shared-too:1');
    await images().remove('registry.test/shared:1');
  });

  test('tagging what is not there fails', async () => {
    expect(await failure(images().tag(`sha256:${'0'.repeat(64)}`, 'x/y:1'))).toMatchObject({ code: 'engine-error' });
  });

  test('a base image that the engine has resolves to its id, its environment and no triggers', async () => {
    const base = await images().resolveBase(harness().base);
    expect(base).toMatchObject({ onbuild: false, env: { GREETING: 'hello=you' } });
    expect(base?.digest).toBe(await images().find(harness().base));
  });

  test('a base image that nobody has resolves to nothing, a digest to itself', async () => {
    expect(await images().resolveBase(harness().missing)).toBeNull();
    const digest = `sha256:${'1'.repeat(64)}`;
    expect(await images().resolveBase(`${harness().missing}@${digest}`)).toMatchObject({ digest, onbuild: null });
  });

  test('a pushed image is in the registry, its progress reported in few lines', async () => {
    const tag = `${harness().registry}/contract/pushed:1`;
    await build(`FROM ${harness().base}\nRUN echo pushed`, { tag });
    const lines: string[] = [];
    await images().push(tag, (line) => lines.push(line), never);
    expect(await harness().arrived(tag)).toBe(true);
    expect(lines.length).toBeGreaterThan(0);
    expect(new Set(lines).size).toBe(lines.length);
  });

  test('pushing a name that the engine lacks fails', async () => {
    const lost = `${harness().registry}/contract/lost:1`;
    expect(await failure(images().push(lost, () => undefined, never))).toMatchObject({ code: 'engine-error' });
  });

  test('pulling what its registry lacks fails and names it', async () => {
    const error = await failure(images().pull(harness().missing, never));
    expect(error).toMatchObject({ code: 'base-image-not-found' });
    expect(error.message).toContain(harness().missing);
  });
}
