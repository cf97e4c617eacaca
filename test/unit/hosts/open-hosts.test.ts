import type { HostOptions } from '../../../src/hosts/docker/host.js';
import { createHosts } from '../../../src/hosts/open/open-hosts.js';
import type { Environment, HostSettings } from '../../../src/model/environment.js';
import { Secret } from '../../../src/secret.js';
import { createFakeHost } from '../../support/fake-host.js';
import { keptLog } from '../../support/kept-log.js';
import { manualClock } from '../../support/manual-clock.js';
import { environmentOf, hostSettings } from '../../support/own-containers.js';

const tlsOf = (key: string) => ({ ca: 'ca', cert: 'cert', key: new Secret(key) });

/** Hosts of these settings in `production`, which a test may change. */
function stage(...settings: HostSettings[]) {
  const opened: HostOptions[] = [];
  const said: string[] = [];
  const log = keptLog();
  const state = { settings, closing: async () => undefined as void };
  const environments = () => new Map<string, Environment>([['production', environmentOf(state.settings)]]);
  const hosts = createHosts({
    environments,
    tunnels: '/data/tunnels',
    clock: manualClock(),
    log,
    open(options) {
      opened.push(options);
      said.push(`open ${options.engine}`);
      const close = async () => {
        await state.closing();
        said.push(`close ${options.engine}`);
      };
      return { ...createFakeHost({ name: options.name }), close };
    },
  });
  return { hosts, opened, said, state, log };
}

test('a host is opened at its first use, once, with a folder of its environment', async () => {
  const { hosts, opened } = stage(hostSettings('a', { tls: tlsOf('k') }), hostSettings('b'));
  expect(opened).toEqual([]);
  const [first, second] = [await hosts.find('production', 'a'), await hosts.find('production', 'a')];
  expect(first).toBe(second);
  expect(opened).toMatchObject([{ name: 'a', engine: 'unix:///run/a.sock', tunnels: '/data/tunnels/production' }]);
});

test.each([
  ['production', 'c'],
  ['staging', 'a'],
])('%s/%s is not configured', async (environment, name) => {
  const { hosts, opened } = stage(hostSettings('a'));
  expect([await hosts.find(environment, name), opened]).toEqual([null, []]);
});

test('it stays the same while what leads to it does', async () => {
  const { hosts, state, said } = stage(hostSettings('a', { tls: tlsOf('k') }));
  const before = await hosts.find('production', 'a');
  state.settings = [hostSettings('a', { tls: tlsOf('k'), address: '10.0.0.1', publish: '10.0.0.1' })];
  expect(await hosts.find('production', 'a')).toBe(before);
  expect(said).toEqual(['open unix:///run/a.sock']);
});

test.each<[string, Partial<HostSettings>]>([
  ['address', { engine: 'unix:///run/b.sock', tls: tlsOf('k') }],
  ['key', { tls: tlsOf('l') }],
  ['certificate', { tls: { ...tlsOf('k'), cert: 'other' } }],
  ['authority', { tls: { ...tlsOf('k'), ca: null } }],
  ['connection without certificates', { tls: null }],
])('another %s makes another host, once the first one is closed', async (_what, changes) => {
  const { hosts, state, said } = stage(hostSettings('a', { tls: tlsOf('k') }));
  const before = await hosts.find('production', 'a');
  let closed = (): void => undefined;
  state.closing = () => new Promise((resolve) => (closed = resolve));
  state.settings = [hostSettings('a', changes)];
  const finding = hosts.find('production', 'a');
  await new Promise((resolve) => setImmediate(resolve));
  expect(said).toHaveLength(1);
  closed();
  const after = await finding;
  expect(after).not.toBe(before);
  expect(said.map((line) => line.split(' ')[0])).toEqual(['open', 'close', 'open']);
  expect(await hosts.find('production', 'a')).toBe(after);
});

test('those that left are closed, and only those', async () => {
  const { hosts, state, said } = stage(hostSettings('a'), hostSettings('b'));
  const [, b] = [await hosts.find('production', 'a'), await hosts.find('production', 'b')];
  state.settings = [hostSettings('b')];
  await hosts.closeGone();
  expect(said.slice(2)).toEqual(['close unix:///run/a.sock']);
  expect(await hosts.find('production', 'b')).toBe(b);
});

test('at the end all are closed, even if one of them fails, and none is opened any more', async () => {
  const { hosts, state, said, log } = stage(hostSettings('a'), hostSettings('b'));
  for (const name of ['a', 'b']) await hosts.find('production', name);
  let failures = 0;
  state.closing = async () => {
    failures += 1;
    if (failures === 1) throw new Error('as the test says');
  };
  await hosts.close();
  expect(said.slice(2)).toEqual(['close unix:///run/b.sock']);
  expect(log.lines).toMatchObject([{ message: 'could not close the way to a host' }]);
  expect(await hosts.find('production', 'a')).toBeNull();
});
