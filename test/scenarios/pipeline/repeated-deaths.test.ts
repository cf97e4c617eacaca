/** What a server does that its work has killed: processes of their own, which really die. */
import { jest } from '@jest/globals';
import { ApiClient, type ApiRequest, type BuildRow, type DecisionRow } from '../../support/api-client.js';
import { startChild, type Child } from '../../support/child.js';
import { dockerfile } from '../../support/fake-stage.js';
import { TestSlipway, until } from '../../support/slipway.js';

jest.setTimeout(180_000);

const POISON = 'FROM registry.test:5000/poison:1\nCOPY . /\n';
const zeros = '0'.repeat(40);

/** A server in a process of its own. */
class MortalServer extends ApiClient {
  private constructor(
    readonly child: Child,
    private readonly address: string,
  ) {
    super();
  }

  /** Null if it dies before it works. */
  static async start(config: string): Promise<MortalServer | null> {
    const child = startChild(new URL('../../support/mortal-server.ts', import.meta.url), [config]);
    const listens = child.until(([address]) => address !== undefined).then(() => true);
    if (!(await listens)) return null;
    return new MortalServer(child, child.lines[0] ?? '');
  }

  override async send({ method, url, headers, payload }: ApiRequest) {
    const answer = await fetch(`${this.address}${url}`, {
      method,
      headers: { connection: 'close', ...headers },
      ...(typeof payload === 'string' ? { body: payload } : {}),
    });
    return { statusCode: answer.status, body: await answer.text() };
  }
}

interface Delivery {
  readonly status: string;
  readonly reason: string | null;
  readonly decisions: readonly DecisionRow[];
}

interface Ready {
  readonly status: string;
  readonly checks: Record<string, { readonly ok: boolean; readonly message: string }>;
}

let slipway: TestSlipway;
const children: Child[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) await child.kill();
  await slipway.close();
});

async function prepare(services: Record<string, object>, config: Record<string, unknown> = {}) {
  slipway = await TestSlipway.create({ services, registryHost: 'registry.test:5000', config });
  await slipway.writeConfig();
}

async function start(): Promise<MortalServer> {
  const server = await MortalServer.start(slipway.configFile);
  if (server === null) throw new Error('it does not start');
  children.push(server.child);
  return server;
}

async function commit(repository: string, files: Record<string, string>): Promise<string> {
  return (await slipway.repo(repository)).commit({ files });
}

/** Starts servers until one lives on, which says so by building what it is asked to; resolves with how many died. */
async function untilOneLives(isDone: (server: MortalServer) => Promise<boolean>) {
  for (let deaths = 0; deaths < 6; deaths += 1) {
    const server = await start();
    const death = server.child.end().then(() => false);
    const life = until('the server to have done its work', () => isDone(server)).then(
      () => true,
      () => false,
    );
    if (await Promise.race([death, life])) return { server, deaths };
  }
  throw new Error('it dies on and on');
}

const allEnded = (builds: readonly BuildRow[]) =>
  builds.every(({ status }) => status !== 'queued' && status !== 'running');

test('a look that kills its server three times fails; the fourth server starts, and everything else is built', async () => {
  await prepare({
    bad: { repository: 'abc/bad', includedRegions: 'auto' },
    good: { repository: 'abc/good' },
    neighbour: { repository: 'abc/bad', path: 'neighbour' },
  });
  const bad = await commit('abc/bad', {
    Dockerfile: POISON,
    'neighbour/Dockerfile': dockerfile,
    'neighbour/a.txt': '1',
  });
  const good = await commit('abc/good', { Dockerfile: dockerfile, 'a.txt': '1' });
  const first = await start();
  // The first that is stored may kill it before the second is delivered: then the next one is asked for that.
  await first.deliver('abc/good', 'main', { after: good }, 'good');
  await first.deliver('abc/bad', 'main', { after: bad }, 'bad').catch(() => undefined);
  await first.child.end();
  const { server, deaths } = await untilOneLives(async (it) => {
    await it.deliver('abc/bad', 'main', { after: bad }, 'bad');
    const builds = await it.builds();
    return builds.length >= 2 && allEnded(builds);
  });
  expect(deaths + 1).toBe(3);
  expect(await server.get<Delivery>('/api/v1/deliveries/bad')).toMatchObject({
    status: 'failed',
    reason: expect.stringMatching(/^crashed-repeatedly: /),
  });
  expect(await server.get<Delivery>('/api/v1/deliveries/good')).toMatchObject({ status: 'planned' });
  const built = (await server.builds()).map(({ service, status }) => `${service} ${status}`);
  expect(built.sort()).toEqual(['good succeeded', 'neighbour succeeded']);
  const ready = await server.get<Ready>('/readyz');
  expect(ready).toMatchObject({ status: 'ok', checks: { setAside: { ok: true } } });
  expect(ready.checks['setAside']?.message).toContain('look at abc/bad refs/heads/main (bad on main)');
  expect((await server.request('GET', '/metrics')).body).toContain(
    'slipway_set_aside{kind="look",repository="abc/bad",service="bad",branch="main"} 1',
  );

  // The same head again, told under another id, kills nothing; what mends it is built.
  const again = await server.deliver('abc/bad', 'main', { after: bad });
  await server.decisions(again);
  expect(await server.get<Delivery>(`/api/v1/deliveries/${again}`)).toMatchObject({
    status: 'failed',
    reason: expect.stringMatching(/^crashed-repeatedly: /),
  });
  const mended = await commit('abc/bad', { Dockerfile: dockerfile });
  const rows = await server.push('abc/bad', 'main', { before: bad, after: mended });
  const row = rows.find(({ service }) => service === 'bad');
  expect(await server.ended(row?.buildId ?? null)).toMatchObject({ status: 'succeeded' });
  await until('nothing to be set aside', async () => {
    const { checks } = await server.get<Ready>('/readyz');
    return checks['setAside']?.message === 'ok';
  });
});

test('a build that kills its server three times fails; the fourth server starts, and everything else is built', async () => {
  await prepare({ bad: { repository: 'abc/bad' }, good: { repository: 'abc/good' }, more: { repository: 'abc/more' } });
  const heads = {
    bad: await commit('abc/bad', { Dockerfile: POISON }),
    good: await commit('abc/good', { Dockerfile: dockerfile, 'a.txt': '1' }),
    more: await commit('abc/more', { Dockerfile: dockerfile, 'a.txt': '1' }),
  };
  const { server, deaths } = await untilOneLives(async (it) => {
    for (const [name, after] of Object.entries(heads)) await it.deliver(`abc/${name}`, 'main', { after }, name);
    const builds = await it.builds();
    return builds.length >= 3 && allEnded(builds);
  });
  expect(deaths).toBe(3);
  const builds = await server.builds();
  const of = (name: string) => builds.filter(({ service }) => service === name);
  expect(of('bad')).toMatchObject([{ status: 'failed', error: { code: 'crashed-repeatedly', blame: 'slipway' } }]);
  expect([...of('good'), ...of('more')]).toMatchObject([{ status: 'succeeded' }, { status: 'succeeded' }]);
  const id = of('bad')[0]?.id ?? '';
  expect((await server.get<Ready>('/readyz')).checks['setAside']?.message).toContain(`build ${id} (bad on main)`);
  expect(await server.logOf(id)).toContain('FAILED crashed-repeatedly (slipway)');
});

test('a sweep that kills its server three times passes the service over from then on, and builds the others', async () => {
  await prepare(
    {
      bad: { repository: 'abc/bad', includedRegions: 'auto' },
      neighbour: { repository: 'abc/bad', path: 'neighbour' },
      zeta: { repository: 'abc/zeta' },
    },
    { sweep: '5m' },
  );
  await commit('abc/bad', { Dockerfile: POISON, 'neighbour/Dockerfile': dockerfile, 'neighbour/a.txt': '1' });
  await commit('abc/zeta', { Dockerfile: dockerfile, 'a.txt': '1' });
  const isBuilt = async (it: MortalServer) => {
    const builds = await it.builds();
    return builds.length >= 2 && allEnded(builds);
  };
  const { server, deaths } = await untilOneLives(isBuilt);
  expect(deaths).toBe(3);
  expect((await server.get<Ready>('/readyz')).checks['setAside']?.message).toContain('(bad on main)');
  // Once more, and again nothing dies: the start-up sweep knows.
  await server.child.kill();
  expect((await untilOneLives(isBuilt)).deaths).toBe(0);
});

test('what only reads ahead for a build that waits counts, too', async () => {
  const busy = Array.from({ length: 4 }, (_, at) => `busy${at}`);
  const services = Object.fromEntries(['bad', ...busy].map((name) => [name, { repository: `abc/${name}` }]));
  await prepare(services, { engine: { host: 'unix:///nowhere.sock', concurrency: 1 } });
  const heads = new Map<string, string>();
  for (const name of busy) heads.set(name, await commit(`abc/${name}`, { Dockerfile: dockerfile, 'a.txt': name }));
  heads.set('bad', await commit('abc/bad', { Dockerfile: POISON }));
  const { server, deaths } = await untilOneLives(async (it) => {
    for (const [name, after] of heads) await it.deliver(`abc/${name}`, 'main', { before: zeros, after }, name);
    const builds = await it.builds();
    return builds.length === heads.size && allEnded(builds);
  });
  expect(deaths).toBe(3);
  const ends = (await server.builds()).map(({ service, status }) => `${service} ${status}`);
  expect(ends.sort()).toEqual(['bad failed', ...busy.map((name) => `${name} succeeded`)]);
});
