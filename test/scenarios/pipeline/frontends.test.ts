import { useFakeStage } from '../../support/fake-stage.js';

const open = useFakeStage();
const services = (buildArgs: Readonly<Record<string, string>> = {}) => ({
  app: { repository: 'abc/app', version: { value: '1.0' }, buildArgs },
});

test.each([
  ['a line of the Dockerfile', '# syntax=evil.test/frontend:1\nFROM base/image:1\n', {}],
  ['a Dockerfile that is JSON', '{"syntax": "evil.test/frontend:1"}', {}],
  ['the build argument', 'FROM base/image:1\n', { BUILDKIT_SYNTAX: 'evil.test/frontend:1' }],
])('a frontend that is not listed fails the build before the engine is asked: %s', async (_, text, buildArgs) => {
  const stage = await open({ services: services(buildArgs) });
  const [decision] = await stage.push({ 'docker/Dockerfile': text });
  expect(decision).toMatchObject({ decision: 'build', reason: { code: 'first-build' } });
  const build = await stage.slipway.ended(decision?.buildId ?? null);
  expect(build).toMatchObject({
    status: 'failed',
    error: {
      code: 'frontend-not-allowed',
      blame: 'dockerfile',
      message: expect.stringContaining('evil.test/frontend:1'),
    },
  });
  // The clean-up at the start is about no build.
  expect(stage.fakes.engine.transcript.filter((line) => !line.startsWith('prune'))).toEqual([]);
});

test('a listed one builds, in any version', async () => {
  const stage = await open({ services: services(), config: { engine: { frontends: ['own.test/frontend'] } } });
  const [decision] = await stage.push({ 'docker/Dockerfile': '# syntax=own.test/frontend:7\nFROM scratch\n' });
  expect(await stage.slipway.ended(decision?.buildId ?? null)).toMatchObject({ status: 'succeeded' });
});
