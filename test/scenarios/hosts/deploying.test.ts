/** From a push to two hosts, and back: a whole Slipway with real engines, a real registry and git over HTTP. */
import { startTestGitHost, type TestGitHost } from '../../support/git.js';
import { hostImage, startHostEngines, type HostEngines } from '../../support/host-engines.js';
import { registryUser, startRegistry, type RunningRegistry } from '../../support/registry.js';
import { TestSlipway, until } from '../../support/slipway.js';

let hosts: HostEngines;
let registry: RunningRegistry;
let git: TestGitHost;
let slipway: TestSlipway;

const password = 'correct-horse-battery';
const repository = 'abc/shop';

const dockerfile = (...more: string[]) =>
  [
    `FROM ${hostImage}`,
    'ARG SLIPWAY_VERSION',
    'RUN mkdir -p /www && echo $SLIPWAY_VERSION > /www/version',
    ...more,
  ].join('\n');
const serves = 'CMD ["httpd", "-f", "-p", "8080", "-h", "/www"]';
const runFile = (port: number) =>
  JSON.stringify({
    services: {
      shop: {
        ports: [`${port}:8080`],
        environment: { DB_PASSWORD: '${DB_PASSWORD}' },
        stop_grace_period: '1s',
        'x-slipway': { verify: { path: '/version', port: 8080 } },
      },
    },
  });

beforeAll(async () => {
  hosts = await startHostEngines(2);
  registry = await startRegistry(registryUser);
  git = await startTestGitHost();
  const [a, b] = hosts.engines;
  const hostOf = (engine: typeof a) => ({
    engine: `unix://${engine?.socket}`,
    address: engine?.publish,
    publish: engine?.publish,
  });
  slipway = await TestSlipway.start({
    host: git,
    registryHost: registry.host,
    registryUser,
    env: { SHOP_PASSWORD: password },
    engineHost: `unix://${a?.socket}`,
    config: {
      environments: {
        production: {
          hosts: { a: hostOf(a), b: hostOf(b) },
          variables: { DB_PASSWORD: '${SHOP_PASSWORD}' },
          timeouts: { reach: '2s', pull: '20s', start: '6s', settle: '500ms' },
          defaults: { memory: '64MiB' },
        },
      },
    },
    services: { shop: { repository, version: { value: '1.0' }, deploy: { environments: ['production'] } } },
  });
}, 120_000);

afterAll(async () => {
  await slipway?.close();
  await git?.close();
  await registry?.close();
  await hosts?.close();
}, 60_000);

interface Ticket {
  readonly id: string;
  readonly status: string;
  readonly error: { readonly code: string; readonly host: string | null; readonly message: string } | null;
  readonly release: { readonly number: number; readonly tag: string };
  readonly hosts: readonly { readonly verifications: readonly { readonly answer: string; readonly ok: boolean }[] }[];
}

const ended = async (asked: { status: number; body: unknown }): Promise<Ticket> => {
  expect([asked.status, asked.body]).toMatchObject([202, {}]);
  const { id } = asked.body as Ticket;
  return until(`deployment ${id} to end`, async () => {
    const found = await slipway.get<Ticket & { finishedAt: string | null }>(`/api/v1/deployments/${id}?wait=20`);
    return found.finishedAt !== null && found;
  });
};
const deploy = async (more: object) =>
  ended(await slipway.post('/api/v1/deployments', { service: 'shop', environment: 'production', ...more }));
const act = async (what: string, more: object = {}) =>
  ended(await slipway.post(`/api/v1/environments/production/services/shop/${what}`, more));

/** What users get from each host. */
const answers = (port = 8080): Promise<readonly string[]> =>
  Promise.all(
    hosts.engines.map(({ publish }) =>
      fetch(`http://${publish}:${port}/version`, { headers: { connection: 'close' } }).then(
        async (response) => (await response.text()).trim(),
        () => 'nobody',
      ),
    ),
  );

async function push(files: Record<string, string>): Promise<string> {
  const repo = await git.repo(repository);
  const commit = await repo.commit({ files });
  await slipway.push(repository, 'main', { after: commit });
  return commit;
}

test('a service comes to its hosts, a bad release goes back, and a rollback leads to the one before', async () => {
  const first = await push({ 'docker/Dockerfile': dockerfile(serves), 'docker/compose.yaml': runFile(8080) });
  const one = await deploy({ branch: 'main', reference: 'OPS-1' });
  expect(one).toMatchObject({ status: 'succeeded', error: null, release: { number: 1 } });
  expect(await answers()).toEqual([one.release.tag, one.release.tag]);
  expect(one.hosts[0]?.verifications.at(-1)).toMatchObject({ answer: one.release.tag, ok: true });

  const crashes = 'CMD ["sh", "-c", "echo no database with $DB_PASSWORD; exit 3"]';
  await push({ 'docker/Dockerfile': dockerfile(crashes) });
  const two = await deploy({ branch: 'main' });
  expect(two).toMatchObject({ status: 'rolled-back', error: { code: 'container-crashed', host: 'a' } });
  expect(two.error?.message).toMatch(/exit code 3[^]*no database with \*\*\*/);
  expect(await answers()).toEqual([one.release.tag, one.release.tag]);
  const refused = await slipway.post('/api/v1/deployments', { service: 'shop', environment: 'production', release: 2 });
  expect([refused.status, refused.body]).toMatchObject([409, { code: 'release-blocked' }]);

  await push({ 'docker/Dockerfile': dockerfile('RUN echo 0.9-stale > /www/version', serves) });
  const three = await deploy({ branch: 'main' });
  expect(three).toMatchObject({ status: 'rolled-back', error: { code: 'version-mismatch' } });
  expect(await answers()).toEqual([one.release.tag, one.release.tag]);

  const fourth = await push({
    'docker/Dockerfile': dockerfile('RUN echo better', serves),
    'docker/compose.yaml': runFile(8888),
  });
  const four = await deploy({ branch: 'main' });
  expect(four.status).toBe('succeeded');
  expect([await answers(), await answers(8888)]).toEqual([
    ['nobody', 'nobody'],
    [four.release.tag, four.release.tag],
  ]);

  const back = await act('rollback');
  expect(back).toMatchObject({ status: 'succeeded', release: { number: 1 } });
  expect(await answers()).toEqual([one.release.tag, one.release.tag]);
  const where = (commit: string) =>
    slipway.get<{ environments: { runs: string }[] }>(`/api/v1/services/shop/where?commit=${commit}`);
  // Hosts are looked at a second after what happens there.
  await until('the rollback to be seen', async () => (await where(fourth)).environments[0]?.runs === 'no');
  expect((await where(first)).environments).toMatchObject([{ runs: 'yes', reason: { code: 'running' } }]);
  expect((await where(fourth)).environments).toMatchObject([{ runs: 'no', reason: { code: 'blocked' } }]);

  const shown = await until('nothing to differ', async () => {
    const found = await slipway.get<{ services: { hosts: { drift: unknown[]; state: string }[] }[] }>(
      '/api/v1/environments/production',
    );
    return found.services[0]?.hosts.every(({ drift, state }) => drift.length === 0 && state === 'running') && found;
  });
  expect(shown).toMatchObject({
    services: [{ desired: { release: 1 }, pending: [], scale: { running: 2, wanted: 2 } }],
  });
  const said = await Promise.all(
    [one, two, three, four, back].map(
      async ({ id }) => (await slipway.request('GET', `/api/v1/deployments/${id}/log`)).body,
    ),
  );
  expect(said.join('\n')).toContain('verify');
  expect(JSON.stringify([one, two, three, four, back, shown, said, slipway.log.lines])).not.toContain(password);
}, 240_000);

test('a host that starts again runs what is verified', async () => {
  const [, b] = hosts.engines;
  await b?.stop();
  await b?.reboot();
  await until('the host to answer again', async () => !(await answers()).includes('nobody'));
  expect(await answers()).toEqual([expect.stringContaining('1.0-'), expect.stringContaining('1.0-')]);
}, 60_000);

test('what is stopped stays stopped, and starts again', async () => {
  expect((await act('stop')).status).toBe('succeeded');
  expect(await answers()).toEqual(['nobody', 'nobody']);
  expect((await act('start')).status).toBe('succeeded');
  expect(await answers()).not.toContain('nobody');
  expect((await act('restart')).status).toBe('succeeded');
  expect(await answers()).not.toContain('nobody');
}, 60_000);
