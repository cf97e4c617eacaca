/** An engine that never saw a service's layers takes them over from the image in the registry. */
import type { Engine } from '../../../src/engine/contract.js';
import { createEngine } from '../../../src/engine/docker/engine.js';
import { createAsk, type Ask } from '../../../src/engine/docker/ask.js';
import { connectEngine } from '../../../src/docker/connection.js';
import { buildRequest, engineHost, eventLog, makeBase, never, realClock } from '../../support/engine.js';
import { keptLog } from '../../support/kept-log.js';
import { registryUser, startRegistry, type RunningRegistry } from '../../support/registry.js';

const base = 'slipway-test/cold:1';
const name = 'cold-engine-step';
let registry: RunningRegistry;
let engine: Engine;
let ask: Ask;
let image: string;

beforeAll(async () => {
  registry = await startRegistry(registryUser);
  const { username, password } = registryUser;
  engine = createEngine({
    host: engineHost(),
    tls: null,
    credentials: { host: registry.host, username, password },
    clock: realClock,
    log: keptLog(),
  });
  ask = createAsk(connectEngine(engineHost(), null), realClock);
  image = `${registry.host}/abc/cold:main`;
  await makeBase(engine, base);
}, 60_000);

afterAll(async () => {
  for (const tag of [image, base]) await engine?.images.remove(tag);
  await registry?.close();
});

/** Builds; resolves with the steps that were not done again. */
async function build(late: string, tag: string, cacheFrom: string | null): Promise<readonly string[]> {
  const log = eventLog();
  const dockerfile = `FROM ${base}\nRUN echo ${name} ${registry.host} > /early\nCOPY late /\n`;
  await engine.builder.build(buildRequest({ Dockerfile: dockerfile, late }, { tag, cacheFrom }), log.take, never);
  return log.events.flatMap((event) => (event.kind === 'step-finished' && event.cached ? [event.step] : []));
}

interface CacheRecord {
  readonly ID: string;
  /** Before API 1.42. */
  readonly Parent?: string;
  /** The blank is the engine's: it is in the name of the field at least up to 28.5. */
  readonly ' Parents'?: readonly string[] | null;
  readonly Description: string;
}

/** Makes the engine forget the layers of this test, and nobody else's. A record goes once those that stand on it are gone. */
async function forget(): Promise<void> {
  await engine.images.remove(image);
  for (let own = await ownRecords(); own.length > 0; own = await ownRecords()) {
    const filters = JSON.stringify({ id: [own.map(({ ID }) => ID).join('|')] });
    await ask({ method: 'POST', path: '/build/prune', query: { all: '1', filters } }, 60_000);
  }
}

const parentsOf = ({ Parent = '', ' Parents': parents }: CacheRecord): readonly string[] => parents ?? [Parent];

async function ownRecords(): Promise<readonly CacheRecord[]> {
  const { object } = await ask({ method: 'GET', path: '/system/df' }, 60_000);
  const records = (object['BuildCache'] ?? []) as readonly CacheRecord[];
  const steps = records.filter(({ Description }) => Description.includes(`${name} ${registry.host}`));
  const ids = new Set(steps.map(({ ID }) => ID));
  return [...steps, ...records.filter((record) => parentsOf(record).some((id) => ids.has(id)))];
}

test('and makes again only what differs', async () => {
  const step = `[2/3] RUN echo ${name} ${registry.host} > /early`;
  expect(await build('one', image, null)).not.toContain(step);
  await engine.images.push(image, () => undefined, never);
  await forget();
  expect(await build('two', image, null)).not.toContain(step);
  await forget();
  expect(await build('three', image, image)).toContain(step);
  await engine.images.push(image, () => undefined, never);
  await forget();
  // The layer has come from the registry once, and does so again.
  expect(await build('four', image, image)).toContain(step);
}, 120_000);

test('and builds all the same where the registry has none or does not answer', async () => {
  for (const gone of [`${registry.host}/abc/cold:none`, '127.0.0.1:1/abc/cold:main']) {
    expect(await build(gone, image, gone)).toBeDefined();
  }
}, 120_000);
