/** Dockerfiles whose base image is named by what is not a reference, as an empty variable makes it. */
import { useFakeStage } from '../../support/fake-stage.js';

const open = useFakeStage();
const HOST = 'registry.test:5000';

test('the engine is asked nothing about such a name, and refuses the build; other services go on', async () => {
  const services = Object.fromEntries(
    ['broken', 'derived', 'fine'].map((name) => [name, { repository: 'abc/app', path: name, branches: ['main'] }]),
  );
  const derived = { ...services['derived'], includedRegions: 'auto' };
  const stage = await open({ services: { ...services, derived } });
  const broken = 'ARG REGISTRY\nFROM ${REGISTRY}/node:20\nCOPY . /\n';
  const decided = await stage.push({
    'broken/Dockerfile': broken,
    'derived/Dockerfile': broken,
    'fine/Dockerfile': 'FROM scratch\nCOPY . /\n',
  });
  const builds = await Promise.all(decided.map(({ buildId }) => stage.slipway.ended(buildId)));
  expect(builds.map(({ service, status, error }) => [service, status, error?.code ?? null]).sort()).toEqual([
    ['broken', 'failed', 'dockerfile-invalid'],
    ['derived', 'failed', 'dockerfile-invalid'],
    ['fine', 'succeeded', null],
  ]);
  expect(stage.fakes.engine.transcript.filter((line) => line.includes('node'))).toEqual([]);
});

test.each([':../../x', '/../base:main', ':main?x=1', '@sha256:1'])(
  'a service does not stand on one of the registry that is named %s',
  async (suffix) => {
    const services = Object.fromEntries(
      ['base', 'top'].map((name) => [name, { repository: 'abc/app', path: name, branches: ['main'] }]),
    );
    const stage = await open({ services });
    await stage.push({
      'base/Dockerfile': 'FROM scratch\nCOPY . /\n',
      'top/Dockerfile': `FROM ${HOST}/base${suffix}\nCOPY . /\n`,
    });
    await stage.slipway.quiet();
    expect((await stage.slipway.get<{ edges: object[] }>('/api/v1/graph')).edges).toEqual([]);
    expect(stage.fakes.engine.transcript.filter((line) => line.startsWith('pull'))).toEqual([]);
  },
);
