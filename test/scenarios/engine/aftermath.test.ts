/** What a build that fails leaves behind, and who may build from private images: on real parts. */
import { registryUser } from '../../support/registry.js';
import { until } from '../../support/slipway.js';
import { openStage, succeeded, type Stage, type StageOptions } from '../../support/stage.js';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
}, 60_000);

afterAll(() => stage?.close(), 60_000);

async function push(name: string, files: Record<string, string>, more: Partial<StageOptions> = {}) {
  const repository = `abc/${name}`;
  const repo = await stage.repo(repository);
  const head = await repo.commit({ files });
  const slipway = await stage.slipway({ services: { [name]: { repository } }, ...more });
  const decisions = await slipway.push(repository, 'main', { after: head });
  return { repo, head, slipway, decisions };
}

async function failure(...request: Parameters<typeof push>) {
  const { slipway, decisions } = await push(...request);
  const build = await slipway.ended(decisions[0]?.buildId ?? null);
  expect(build).toMatchObject({ status: 'failed', image: null, outcome: null });
  const { error } = build;
  expect(await slipway.logOf(build.id)).toContain(`FAILED ${error?.code} (${error?.blame}): ${error?.message}`);
  await slipway.quiet();
  expect(await slipway.builds()).toHaveLength(1);
  return error;
}

test('a file that is copied and does not exist is named', async () => {
  const error = await failure('uncopied', { Dockerfile: `FROM ${stage.base}\nCOPY missing.txt /\n` });
  expect(error).toMatchObject({ code: 'dockerfile-step-failed', step: '[2/2] COPY missing.txt /' });
  expect(error?.message).toContain('missing.txt');
}, 60_000);

test('a step that fails is reported with its last words; it moves no baseline, so the next push includes what it left out', async () => {
  const dockerfile = `FROM ${stage.base}\nCOPY . /srv/\nRUN cat /srv/words && test ! -e /srv/broken\n`;
  const { repo, head, slipway, decisions } = await push('careful', {
    'docker/Dockerfile': dockerfile,
    words: 'famous last words',
    '.dockerignore': 'docs',
  });
  const first = await succeeded(slipway, decisions);

  const broken = await repo.commit({ files: { broken: '', changed: '' } });
  const [bad] = await slipway.push('abc/careful', 'main', { before: head, after: broken });
  const build = await slipway.ended(bad?.buildId ?? null);
  expect(build).toMatchObject({
    status: 'failed',
    error: {
      code: 'dockerfile-step-failed',
      blame: 'dockerfile',
      step: '[3/3] RUN cat /srv/words && test ! -e /srv/broken',
    },
  });
  expect(build.error?.message).toContain('famous last words');
  await slipway.quiet();
  expect((await stage.pushed('careful', 'main')).digest).toBe(first.image?.digest);
  expect(await slipway.request('GET', `/api/v1/services/careful/image?commit=${broken}`)).toMatchObject({
    statusCode: 404,
  });

  const repaired = await repo.commit({ files: { broken: null } });
  const next = await slipway.push('abc/careful', 'main', { before: broken, after: repaired });
  expect(next).toMatchObject([{ base: head, reason: { code: 'included-path-changed', paths: ['changed'] } }]);
  const image = (await succeeded(slipway, next)).image;
  expect((await stage.pushed('careful', 'main')).digest).toBe(image?.digest);
}, 120_000);

test('an image that the registry refuses is not left on the engine', async () => {
  const files = { Dockerfile: `FROM ${stage.base}\n` };
  const registryUser = { username: 'slipway', password: 'not-the-password' };
  const { slipway, decisions } = await push('unwanted', files, { registryUser });
  const build = await slipway.ended(decisions[0]?.buildId ?? null);
  expect(build.error).toMatchObject({ code: 'registry-unauthorized' });
  await slipway.quiet();
  await until('the engine to be rid of it', async () => {
    const names = [
      ...(await stage.onEngine(`slipway-build:${build.id}`)),
      ...(await stage.onEngine(`${stage.registry.host}/unwanted`)),
    ];
    return names.length === 0;
  });
}, 60_000);

test('a private base image is for those who have the password of its registry, and for nobody else', async () => {
  const plain = { 'main.txt': 'hi', Dockerfile: `FROM ${stage.base}\nCOPY main.txt /\n` };
  const { slipway, decisions } = await push('private-base', plain);
  const base = await succeeded(slipway, decisions);
  await stage.forget(`${stage.registry.host}/private-base:main`);
  const files = { Dockerfile: `FROM ${stage.registry.host}/private-base@${base.image?.digest}\nRUN cat /main.txt\n` };

  const stranger = { ...registryUser, password: 'not-the-password' };
  const error = await failure('outsider', files, { registryUser: stranger });
  expect(error).toMatchObject({ code: 'registry-unauthorized', blame: 'registry' });
  expect(error?.message).toContain(`${stage.registry.host}/private-base`);

  const insider = await push('insider', files);
  await succeeded(insider.slipway, insider.decisions);
  const { layers } = await stage.pushed('private-base', 'main');
  expect((await stage.pushed('insider', 'main')).layers.slice(0, layers.length)).toEqual(layers);
}, 120_000);
