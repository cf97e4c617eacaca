/** The main job on real parts: git over HTTP, a Docker Engine, a registry with a password. */
import { startTestGitHost, type TestGitHost } from '../support/git.js';
import { registryUser, startRegistry, type RunningRegistry } from '../support/registry.js';
import { TestSlipway } from '../support/slipway.js';

let host: TestGitHost;
let registry: RunningRegistry;
let slipway: TestSlipway;

const DOCKERFILE = 'FROM slipway-test/base:1\nCOPY hello.txt /hello.txt\nCMD ["cat", "/hello.txt"]\n';

beforeAll(async () => {
  host = await startTestGitHost();
  registry = await startRegistry(registryUser);
}, 60_000);

afterAll(async () => {
  await slipway?.close();
  await registry?.close();
  await host?.close();
}, 60_000);

test('a push becomes an image in the registry', async () => {
  const repo = await host.repo('abc/app');
  const head = await repo.commit({ files: { 'hello.txt': 'hi', VERSION: '1.2.3\n', 'docker/Dockerfile': DOCKERFILE } });
  slipway = await TestSlipway.start({
    host,
    services: { app: { repository: 'abc/app' } },
    registryHost: registry.host,
    registryUser,
    engineHost: process.env['DOCKER_HOST'] ?? '',
  });
  const [decision] = await slipway.push('abc/app', 'main', { after: head });
  expect(decision).toMatchObject({ decision: 'build', reason: { code: 'first-build' }, head });
  const build = await slipway.ended(decision?.buildId ?? null);
  expect(build).toMatchObject({ status: 'succeeded', outcome: 'built', image: { tags: [`1.2.3-1-${head.slice(0, 7)}`, 'main'] } });
});
