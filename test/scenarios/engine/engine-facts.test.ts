import { readOutline } from '../../../src/image/dockerfile/outline.js';
import { isInstruction, stepLines } from '../../../src/image/dockerfile/step-lines.js';
import { readdir, readFile } from 'node:fs/promises';
import type { Credentials, Engine } from '../../../src/engine/contract.js';
import { createEngine } from '../../../src/engine/docker/engine.js';
import type { SlipwayError } from '../../../src/errors.js';
import {
  buildRequest,
  engineHost,
  eventLog,
  makeBase,
  never,
  realClock,
  type TestFiles,
} from '../../support/engine.js';
import { startEngineProxy } from '../../support/engine-proxy.js';
import { keptLog } from '../../support/kept-log.js';
import { registryUser, startRegistry, type RunningRegistry } from '../../support/registry.js';

const base = 'slipway.test/base:1';
const failure = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: SlipwayError) => error,
  );
const open = (credentials: Credentials | null, host = engineHost()): Engine =>
  createEngine({ host, tls: null, credentials, clock: realClock, log: keptLog() });
const build = (engine: Engine, files: TestFiles, changes: object = {}, log = eventLog(), signal = never) =>
  engine.builder.build(buildRequest(files, changes), log.take, signal);

let registry: RunningRegistry;
let engine: Engine;
/** Knows the registry, with a wrong password. */
let stranger: Engine;

beforeAll(async () => {
  registry = await startRegistry(registryUser);
  const { username, password } = registryUser;
  engine = open({ host: registry.host, username, password });
  stranger = open({ host: registry.host, username, password: 'guessed' });
  await makeBase(engine, base);
}, 60_000);
afterAll(() => registry.close());

/** Puts an image in the registry that the engine then does not have any more, under a name of its own. */
async function privateBase(name: string): Promise<string> {
  const tag = `${registry.host}/${name}:1`;
  // The time makes it an image that no earlier run left in the engine's cache.
  await build(engine, { Dockerfile: `FROM ${base}\nLABEL made=${Date.now()}` }, { tag });
  await engine.images.push(tag, () => undefined, never);
  await engine.images.remove(tag);
  return tag;
}

describe('a private base image', () => {
  test('is pulled with our credentials, even long after the build began', async () => {
    const tag = await privateBase('late');
    const dockerfile = `FROM ${base} AS slow\nRUN sleep 4; date > /when\nFROM ${tag}\nCOPY --from=slow /when /when`;
    const { imageId } = await build(engine, { Dockerfile: dockerfile }, { noCache: true });
    expect(imageId).toMatch(/^sha256:/);
  });

  test.each([
    ['wrong credentials', () => stranger],
    ['no credentials', () => open(null)],
  ])('is refused to %s, and the registry is named', async (_, who) => {
    const tag = await privateBase('refused');
    const error = await failure(build(who(), { Dockerfile: `FROM ${tag}\nRUN true` }));
    expect(error).toMatchObject({ code: 'registry-unauthorized' });
    expect(error?.message).toContain(tag);
    expect(await who().images.resolveBase(tag)).toBeNull();
    expect(await failure(who().images.pull(tag, never))).toMatchObject({ code: 'registry-unauthorized' });
  });

  test('resolves to its digest in the registry, and to its id once it is pulled', async () => {
    const tag = await privateBase('resolved');
    expect(await engine.images.resolveBase(tag)).toEqual({
      digest: expect.stringMatching(/^sha256:/),
      onbuild: null,
      env: null,
    });
    await engine.images.pull(tag, never);
    const pulled = await engine.images.resolveBase(tag);
    expect(pulled).toMatchObject({ digest: await engine.images.find(tag), env: { GREETING: 'hello=you' } });
    await engine.images.remove(tag);
  });

  test('tells of its ONBUILD triggers', async () => {
    const tag = 'slipway.test/onbuild:1';
    await build(engine, { Dockerfile: `FROM ${base}\nONBUILD COPY . /app` }, { tag });
    expect(await engine.images.resolveBase(tag)).toMatchObject({ onbuild: true });
    await engine.images.remove(tag);
  });
});

describe('a push', () => {
  const tag = () => `${registry.host}/pushed:1`;
  beforeEach(() => build(engine, { Dockerfile: `FROM ${base}\nRUN echo push` }, { tag: tag() }));

  test('with wrong credentials is refused', async () => {
    expect(await failure(stranger.images.push(tag(), () => undefined, never))).toMatchObject({
      code: 'registry-unauthorized',
      blame: 'registry',
    });
  });

  test('to a registry that is away can be tried again later', async () => {
    await registry.stop();
    const error = await failure(engine.images.push(tag(), () => undefined, never));
    await registry.start();
    expect(error).toMatchObject({ code: 'registry-unavailable', retryable: true });
    await engine.images.push(tag(), () => undefined, never);
  });

  test('can be aborted', async () => {
    const reason = new Error('enough');
    await expect(engine.images.push(tag(), () => undefined, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});

describe('a build', () => {
  test('that the engine dies under fails as unavailable, and leaves nothing waiting', async () => {
    const proxy = await startEngineProxy(engineHost());
    const log = eventLog();
    const files = { Dockerfile: `FROM ${base}\nRUN echo running; sleep 600` };
    const building = failure(build(open(null, proxy.host), files, { noCache: true }, log));
    await log.until((event) => event.kind === 'output' && event.line.text === 'running');
    await proxy.close();
    expect(await building).toMatchObject({ code: 'engine-unavailable', retryable: true });
  });

  test('that is aborted stops its command on the engine within three seconds', async () => {
    // A length that no other test sleeps.
    const seconds = String(700 + (process.pid % 1000));
    const stop = new AbortController();
    const log = eventLog();
    const files = { Dockerfile: `FROM ${base}\nRUN echo running; sleep ${seconds}` };
    const building = failure(build(engine, files, { noCache: true }, log, stop.signal));
    await log.until((event) => event.kind === 'output' && event.line.text === 'running');
    await condition(async () => await isRunning('sleep', seconds));
    const abortedAt = Date.now();
    stop.abort(new Error('enough'));
    await building;
    await condition(async () => !(await isRunning('sleep', seconds)));
    expect(Date.now() - abortedAt).toBeLessThan(3_000);
  });

  test('gets files of any name, their links and their modes', async () => {
    const long = `${'deep/'.repeat(40)}${'n'.repeat(150)}.txt`;
    const files = {
      Dockerfile: `FROM ${base}\nCOPY ctx /ctx\nRUN cd /ctx; find . -type f -exec cat {} +; ls -l tool; readlink link`,
      'ctx/a b "c"': 'blanks\n',
      'ctx/grüße/日本': 'unicode\n',
      [`ctx/${long}`]: 'long\n',
      'ctx/-rf': 'dash\n',
      'ctx/tool': { content: 'tool\n', mode: '100755' as const },
      'ctx/link': { content: '../somewhere else', mode: '120000' as const },
    };
    const log = eventLog();
    await build(engine, files, { noCache: true }, log);
    expect(log.lines()).toEqual(
      expect.arrayContaining([
        ...['blanks', 'unicode', 'long', 'dash', 'tool', '../somewhere else'],
        expect.stringMatching(/^-rwxr-xr-x +1 0 +0 .* 2000 tool$/),
      ]),
    );
  });

  test('streams a large file', async () => {
    const size = 40 * 1024 * 1024;
    const files = {
      Dockerfile: `FROM ${base}\nCOPY big /big\nRUN wc -c < /big`,
      big: Buffer.alloc(size, 'slipway').toString(),
    };
    const log = eventLog();
    await build(engine, files, { noCache: true }, log);
    expect(log.lines()).toContain(String(size));
  });

  test('names the steps of several stages, and says which it had already', async () => {
    const dockerfile = `FROM ${base} AS tools\nWORKDIR /\nENV A=1\nRUN echo \\\n# said\n$A > /t\nFROM ${base}\nCOPY --from=tools /t /t`;
    await build(engine, { Dockerfile: dockerfile });
    const log = eventLog();
    await build(engine, { Dockerfile: dockerfile }, {}, log);
    const cached = log.events.flatMap((event) => (event.kind === 'step-finished' && event.cached ? [event.step] : []));
    expect(cached).toEqual(
      expect.arrayContaining(['[tools 2/3] RUN echo 1 > /t', '[stage-1 2/2] COPY --from=tools /t /t']),
    );
    // That is where we find them in the Dockerfile.
    const lineOf = stepLines(readOutline(dockerfile), false);
    const began = log.events.flatMap((event) => (event.kind === 'step-started' ? [event.step] : []));
    const places = began
      .filter(isInstruction)
      .map((step) => `${step.replace(/ .*FROM .*/, ' FROM')} at ${lineOf(step)?.from}`);
    expect(places).toEqual(
      expect.arrayContaining([
        '[tools 2/3] RUN echo 1 > /t at 4',
        '[stage-1 2/2] COPY --from=tools /t /t at 8',
        // Both stages stand on one image, and the engine names one of them.
        expect.stringMatching(/^\[tools FROM at 1$|^\[stage-1 FROM at 7$/),
      ]),
    );
  });

  test('passes target, build arguments and labels', async () => {
    const dockerfile = `FROM ${base} AS one\nARG WHO\nRUN echo "hello \${WHO}"\nFROM one AS two\nRUN exit 1`;
    const log = eventLog();
    const changes = {
      target: 'one',
      buildArgs: { WHO: 'w & ü' },
      labels: { 'dev.slipway.service': 'x' },
      noCache: true,
    };
    await build(engine, { Dockerfile: dockerfile }, changes, log);
    expect(log.lines()).toEqual(['hello w & ü']);
  });

  test('of a stage that does not exist is reported as a fault of the Dockerfile', async () => {
    const error = await failure(build(engine, { Dockerfile: `FROM ${base}` }, { target: 'nope' }));
    expect(error).toMatchObject({ code: 'dockerfile-invalid' });
    expect(error?.message).toContain('nope');
  });

  test('may be one of several at the same time', async () => {
    const builds = ['a', 'b', 'c'].map((word) =>
      build(engine, { Dockerfile: `FROM ${base}\nRUN echo ${word}` }, { tag: `slipway.test/${word}:1` }),
    );
    expect(new Set((await Promise.all(builds)).map(({ imageId }) => imageId)).size).toBe(3);
  });
});

async function condition(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await realClock.sleep(20);
}

/** Whether a process of that command line runs on this machine, which is where the engine of the tests runs. */
async function isRunning(...command: readonly string[]): Promise<boolean> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
  return lines.includes(`${command.join('\0')}\0`);
}
