import type { Config } from '../../../src/config/config.js';
import { createPending } from '../../../src/operations/pending.js';
import { keptSpecification } from '../../../src/specification/kept-specification.js';
import { specify } from '../../../src/specification/specify.js';
import { deployed, newDeployment, run } from '../../contracts/store-deployment-samples.js';
import { must } from '../../support/app.js';
import { configured, keptRunFile, releaseWeb, type Setting } from '../../support/effective.js';
import { inlineReading } from '../../support/reading.js';
import { storeClock } from '../../support/running-builds.js';
import { openTempStore, type TempStore } from '../../support/store.js';

const file = keptRunFile('services: {web: {environment: [HOST, PASSWORD], mem_limit: 2g}}\n');
const first: Setting = {
  environment: 'variables: { HOST: one, PASSWORD: "${PW}" }',
  variables: { PW: 'pa55word' },
};

let temp: TempStore;
let config: Config;
let readings: number;
beforeEach(async () => {
  temp = await openTempStore({ clock: storeClock });
  readings = 0;
  config = await configured(first);
  await releaseWeb(temp.store, file);
  const environment = must(config.environments.get('production'));
  const release = must(await temp.store.releases.get('web', 1));
  const wanted = { release, environment, deploy: must(config.services.get('web')?.deploy) };
  const { specification } = await specify(wanted, deps());
  await run(
    temp.store,
    newDeployment(1, {
      ...{ id: 'd1', service: 'web', environment: 'production', release: deployed(1) },
      specification: keptSpecification(must(specification), environment),
    }),
  );
});
afterEach(() => temp.close());

const deps = () => ({
  store: temp.store,
  reading: {
    runFile: async (...request: Parameters<typeof inlineReading.runFile>) => {
      readings += 1;
      return inlineReading.runFile(...request);
    },
  },
  registryHost: config.registry.host,
  services: () => config.services,
  environments: () => config.environments,
});
const desired = async () => must(await temp.store.deployments.desired('production', 'web'));

test('nothing is pending while the configuration says what it said', async () => {
  const pending = createPending(deps());
  expect(await pending.of(await desired())).toEqual([]);
  config = await configured(first);
  expect(await pending.of(await desired())).toEqual([]);
  expect(await pending.counts()).toEqual([{ environment: 'production', service: 'web', count: 0 }]);
});

test('a changed variable, secret, default or host is pending, and no secret is shown', async () => {
  const pending = createPending(deps());
  await pending.of(await desired());
  config = await configured({
    environment: 'variables: { HOST: two, PASSWORD: "${PW}" }, defaults: { memory: 4GiB, cpus: 2 }',
    variables: { PW: 'another-pa55word' },
  });
  const hidden = '(changed, not shown)';
  expect(await pending.of(await desired())).toEqual([
    { field: 'cpus', from: null, to: '2', secret: false },
    { field: 'environment.HOST', from: 'one', to: 'two', secret: false },
    { field: 'environment.PASSWORD', from: hidden, to: hidden, secret: true },
  ]);
  expect(await pending.counts()).toMatchObject([{ count: 3 }]);
});

test('what the next deployment would fail with is pending too', async () => {
  config = await configured({ environment: 'variables: { HOST: one }' });
  expect(await createPending(deps()).of(await desired())).toMatchObject([
    { field: 'variable-missing', from: null, to: expect.stringContaining('PASSWORD') },
  ]);
});

test('an answer is kept until the configuration changes', async () => {
  const pending = createPending(deps());
  readings = 0;
  for (let time = 0; time < 3; time += 1) await pending.of(await desired());
  expect(readings).toBe(1);
  config = await configured(first);
  await pending.of(await desired());
  expect(readings).toBe(2);
});

test('nothing is pending of a service that is deployed there no more', async () => {
  const pending = createPending(deps());
  config = { ...config, services: new Map() };
  expect(await pending.of(await desired())).toEqual([]);
});
