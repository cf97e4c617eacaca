/** Builds that cannot succeed, on real parts: the code, whom it blames, and what stays behind. */
import { openStage, says, success, type Stage } from '../../support/stage.js';
import type { BuildRow, TestSlipway } from '../../support/slipway.js';

let stage: Stage;
let slipway: TestSlipway;

const names = ['absent', 'invalid', 'baseless', 'failing', 'private', 'offline', 'nameless', 'derived'] as const;
const settings: Partial<Record<string, object>> = { derived: { includedRegions: 'auto' } };

beforeAll(async () => {
  stage = await openStage();
  const services = Object.fromEntries(names.map((name) => [name, { repository: `abc/${name}`, ...settings[name] }]));
  slipway = await stage.slipway({ services });
}, 60_000);

afterAll(() => stage?.close(), 60_000);

/** Commits the files, pushes, and gives the build that this asks for. */
async function pushFiles(
  name: (typeof names)[number],
  files: Record<string, string>,
): Promise<{ id: string | null; head: string }> {
  const repo = await stage.repo(`abc/${name}`);
  const head = await repo.commit({ files });
  const [decision] = await slipway.push(`abc/${name}`, 'main', { after: head });
  expect(decision).toMatchObject({ decision: 'build' });
  return { id: decision?.buildId ?? null, head };
}

async function failed(name: (typeof names)[number], files: Record<string, string>): Promise<BuildRow> {
  const build = await slipway.ended((await pushFiles(name, files)).id);
  expect(build).toMatchObject({ status: 'failed', image: null, outcome: null });
  return build;
}

test('without a Dockerfile anywhere, every place that was looked at is named', async () => {
  const { error } = await failed('absent', { 'main.txt': 'one' });
  expect(error).toMatchObject({ code: 'dockerfile-not-found', blame: 'dockerfile' });
  for (const place of ['docker/Dockerfile', 'Dockerfile', 'absent/Dockerfile']) expect(error?.message).toContain(place);
});

test('a Dockerfile that does not parse is invalid, with its line', async () => {
  const { error } = await failed('invalid', { Dockerfile: `FROM ${stage.base}\n\nCPOY a b\n` });
  expect(error).toMatchObject({ code: 'dockerfile-invalid', blame: 'dockerfile' });
  expect(error?.message).toMatch(/line 3/);
});

test('a base image that does not exist is named', async () => {
  const missing = `${stage.registry.host}/no-such-base:1`;
  const { error } = await failed('baseless', { Dockerfile: `FROM ${missing}\n` });
  expect(error).toMatchObject({ code: 'base-image-not-found', blame: 'dockerfile' });
  expect(error?.message).toContain(missing);
});

test.each(['nameless', 'derived'] as const)(
  'a base image whose name is not a reference makes the Dockerfile of %s invalid, and the next push is built',
  async (name) => {
    const dockerfile = (from: string) => ({
      Dockerfile: `ARG REGISTRY\nFROM ${from}\nCOPY main.txt /\n`,
      'main.txt': '1',
    });
    for (const from of ['${REGISTRY}/node:20', `${stage.registry.host}/../node:20`, 'Node']) {
      const { error } = await failed(name, dockerfile(from));
      expect(error).toMatchObject({ code: 'dockerfile-invalid', blame: 'dockerfile' });
      expect(error?.message).toContain(from.replace('${REGISTRY}', ''));
    }
    await success(slipway, (await pushFiles(name, dockerfile(stage.base))).id);
  },
);

test('a step that fails is named, and what it left unbuilt is in the next build', async () => {
  const files = (run: string) => ({
    Dockerfile: `FROM ${stage.base}\nCOPY main.txt /\nRUN ${run}\n`,
    'main.txt': 'one',
  });
  const { error } = await failed('failing', files('echo oh no && exit 3'));
  expect(error).toMatchObject({ code: 'dockerfile-step-failed', blame: 'dockerfile' });
  expect(error?.step).toContain('RUN echo oh no');
  expect(error?.message).toContain('3');
  const { id } = await pushFiles('failing', files('true'));
  const build = await success(slipway, id);
  expect(build.reason.code).toBe('first-build');
});

test('a base image in the registry that wants a password is pulled, late in a long build too', async () => {
  await pushFiles('private', { Dockerfile: `FROM ${stage.base}\nCOPY main.txt /first.txt\n`, 'main.txt': 'first' });
  await slipway.quiet();
  const first = await stage.pushed('private', 'main');
  const base = `${stage.registry.host}/private@${first.digest}`;
  const stages = `FROM ${stage.base} AS slow\nRUN sleep 3 && echo done > /done\nFROM ${base}\nCOPY --from=slow /done /\n`;
  const { id } = await pushFiles('private', { Dockerfile: stages });
  await success(slipway, id);
  const { layers } = await stage.pushed('private', 'main');
  expect(layers.slice(0, first.layers.length)).toEqual(first.layers);
});

test('an image that is finished while the registry is away is pushed when that is back, and not built again', async () => {
  await stage.registry.stop();
  const { id } = await pushFiles('offline', { Dockerfile: `FROM ${stage.base}\nCOPY main.txt /\n`, 'main.txt': 'one' });
  await says(slipway, id, 'registry-unavailable');
  await stage.registry.start();
  const build = await success(slipway, id);
  const log = await slipway.logOf(id);
  expect(log.match(/exporting to image/g)).toHaveLength(1);
  expect((await stage.pushed('offline', 'main')).digest).toBe(build.image?.digest);
}, 60_000);

test('a password that the registry refuses fails the build at once, and blames the registry', async () => {
  const repo = await stage.repo('abc/refused');
  const head = await repo.commit({ files: { Dockerfile: `FROM ${stage.base}\n` } });
  const refused = await stage.slipway({
    services: { refused: { repository: 'abc/refused' } },
    registryUser: { username: 'slipway', password: 'wrong' },
  });
  const [decision] = await refused.push('abc/refused', 'main', { after: head });
  const { error } = await refused.ended(decision?.buildId ?? null);
  expect(error).toMatchObject({ code: 'registry-unauthorized', blame: 'registry' });
  expect(error?.message).not.toContain('wrong');
});
