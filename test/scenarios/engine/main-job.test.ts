/** The main job on real parts: git over HTTP, a Docker Engine, a registry with a password. */
import { openStage, type Stage } from '../../support/stage.js';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
}, 60_000);

afterAll(() => stage?.close(), 60_000);

test('a push becomes an image in the registry', async () => {
  const repo = await stage.repo('abc/app');
  const dockerfile = `FROM ${stage.base}\nCOPY hello.txt /hello.txt\nCMD ["cat", "/hello.txt"]\n`;
  const head = await repo.commit({ files: { 'hello.txt': 'hi', VERSION: '1.2.3\n', 'docker/Dockerfile': dockerfile } });
  const slipway = await stage.slipway({ services: { app: { repository: 'abc/app' } } });

  const [decision] = await slipway.push('abc/app', 'main', { after: head });
  expect(decision).toMatchObject({ decision: 'build', reason: { code: 'first-build' }, head });

  const build = await slipway.ended(decision?.buildId ?? null);
  const tag = `1.2.3-1-${head.slice(0, 7)}`;
  expect(build).toMatchObject({ status: 'succeeded', outcome: 'built', image: { tags: [tag, 'main'] } });
  const image = await stage.pushed('app', tag);
  expect(image.digest).toBe(build.image?.digest);
  expect((await image.files()).get('hello.txt')?.toString()).toBe('hi');
  expect(await slipway.logOf(build.id)).toContain(`Pushed app:${tag} (${image.digest}).`);
  const line = slipway.log.lines.find(({ message }) => message === 'build succeeded: built');
  expect(line?.bindings).toMatchObject({ build: build.id, service: 'app', delivery: build.trigger.deliveryId });
}, 60_000);
