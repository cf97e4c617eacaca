/** Region drift is stored for each branch at every look. */
import { normalise } from '../../../src/config/normalise.js';
import { createEvents } from '../../../src/events.js';
import type { Service } from '../../../src/model/service.js';
import { createOverview } from '../../../src/operations/overview/overview.js';
import { MemoryRepository } from '../../support/memory-git.js';
import { MemoryStage, SWEEP_MS } from '../../support/memory-stage.js';

const MONO = 'abc/mono';
const DOCKERFILE = 'services/shop/docker/Dockerfile';
const copiesLib = 'FROM scratch\nCOPY services/shop /\nCOPY lib /lib\n';
const copiesShop = 'FROM scratch\nCOPY services/shop /\n';

function servicesWith(includedRegions: string[]): ReadonlyMap<string, Service> {
  const shop = { repository: MONO, path: 'services/shop', context: '.', branches: ['main', 'next'], includedRegions };
  const config = {
    github: { webhookSecrets: ['secret'] },
    registry: { host: 'registry.test:5000' },
    services: { shop },
  };
  return normalise(config, { folder: '/', files: new Map(), secretPlaces: new Map(), environments: [] }).services;
}

async function openStage() {
  const [mono, central] = [new MemoryRepository(), new MemoryRepository()];
  mono.commit({ 'services/shop/a.txt': '1', 'lib/b.txt': '1', [DOCKERFILE]: copiesLib });
  central.commit({ 'README.md': '' });
  let services = servicesWith(['services/shop/**']);
  let notes = 0;
  const stage = await MemoryStage.open({
    repositories: new Map([
      [MONO, mono],
      ['abc/dockerfiles', central],
    ]),
    central: 'abc/dockerfiles',
    services: () => services,
    watched: (store) => ({
      ...store,
      regionDrifts: {
        ...store.regionDrifts,
        note(found) {
          notes += 1;
          return store.regionDrifts.note(found);
        },
      },
    }),
  });
  const events = createEvents();
  const overview = createOverview({
    ...{ store: stage.store, services: () => services, clock: { now: () => stage.now() }, events },
    ...{ shown: () => ({ defaultBranch: 'main' }), lowDisk: async () => null },
    waiting: { ofBuilds: async () => new Map() },
  });
  return {
    ...{ stage, mono },
    notes: () => notes,
    drift: async () => (await overview.answer()).services.map(({ drift }) => drift),
    stored: () => stage.store.regionDrifts.of('shop'),
    async sweep() {
      stage.pass(SWEEP_MS + 60_000);
      await stage.quiet();
    },
    async push(files: Readonly<Record<string, string>>) {
      const before = mono.heads.get('main') ?? '';
      const after = mono.commit(files);
      await stage.hear({ id: `delivery-${after}`, repository: MONO, ref: 'refs/heads/main', before, after });
      await stage.quiet();
      return after;
    },
    include(regions: string[]) {
      services = servicesWith(regions);
      events.publish({ type: 'configuration' });
    },
  };
}

let shop: Awaited<ReturnType<typeof openStage>>;
beforeEach(async () => {
  shop = await openStage();
  await shop.stage.start();
  await shop.sweep();
});
afterEach(() => shop.stage.close());

const message = 'The Dockerfile copies lib, but lib/b.txt lies in no included region: changes there build nothing.';

test('the sweep finds it, a push ends it and another one brings it back', async () => {
  const { mono, push, drift, stored } = shop;
  const found = { service: 'shop', branch: 'main', drift: [{ message, dockerfile: { path: DOCKERFILE, line: 3 } }] };
  expect(await drift()).toEqual([true]);
  expect(await stored()).toEqual([{ ...found, commit: mono.heads.get('main'), rules: expect.any(String) }]);
  await push({ [DOCKERFILE]: copiesShop });
  expect([await drift(), await stored()]).toEqual([[false], []]);
  const commit = await push({ [DOCKERFILE]: `# Again.\n${copiesLib}` });
  expect(await drift()).toEqual([true]);
  const [again] = await stored();
  expect(again).toMatchObject({ commit, drift: [{ dockerfile: { path: DOCKERFILE, line: 4 } }] });
});

test('other settings end it, and bring it back without a new decision', async () => {
  const { include, sweep, drift, stored, stage } = shop;
  const decided = async () => (await stage.store.decisions.last(100)).length;
  const before = await decided();
  expect(await drift()).toEqual([true]);
  include(['services/shop/**', 'lib/**']);
  expect(await drift()).toEqual([false]);
  await sweep();
  expect([await drift(), await stored()]).toEqual([[false], []]);
  include(['services/shop/**']);
  await sweep();
  expect([await drift(), await decided()]).toEqual([[true], before]);
});

test('a look that somebody asks for finds it too', async () => {
  const { include, drift, stage } = shop;
  include(['services/shop/**', 'lib/b*']);
  await stage.operations.look({ repository: MONO, branch: 'main', by: 'ada' });
  await stage.quiet();
  expect(await drift()).toEqual([false]);
  include(['services/shop/**', 'lib/none']);
  await stage.operations.look({ repository: MONO, branch: 'main', by: 'ada' });
  await stage.quiet();
  expect(await drift()).toEqual([true]);
});

test('a sweep that finds everything as it was writes nothing', async () => {
  const { sweep, notes, stage } = shop;
  expect(notes()).toBe(1);
  await sweep();
  await stage.kill();
  await stage.start();
  await sweep();
  expect(notes()).toBe(1);
});

test('with its branch it is forgotten', async () => {
  const { mono, sweep, stored } = shop;
  mono.heads.set('next', mono.heads.get('main') ?? '');
  await sweep();
  const branches = async () => (await stored()).map(({ branch }) => branch);
  expect(await branches()).toEqual(['main', 'next']);
  mono.heads.delete('next');
  await sweep();
  expect(await branches()).toEqual(['main']);
  mono.heads.set('next', mono.heads.get('main') ?? '');
  await sweep();
  expect(await branches()).toEqual(['main', 'next']);
});
