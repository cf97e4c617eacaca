import { createBalancers, type WantedBalancer } from '../../../src/balancer/open/open-balancers.js';
import type { BalancerSettings, Environment } from '../../../src/model/environment.js';
import { createFakeBalancer } from '../../support/fake-balancer.js';
import { keptLog } from '../../support/kept-log.js';
import { manualClock } from '../../support/manual-clock.js';
import { environmentOf, hostSettings } from '../../support/own-containers.js';

const haproxy = (socket: string): BalancerSettings => ({
  ...{ kind: 'haproxy', sockets: [socket], stateFile: null, backend: 'bk_{service}', address: null },
  servers: new Map([['a', 'web-a']]),
});

/** The balancer of `production`, which a test may change. */
function stage(balancer: BalancerSettings | null) {
  const opened: [WantedBalancer, string][] = [];
  const said: string[] = [];
  const log = keptLog();
  const state = { balancer, hosts: ['a'], closing: async () => undefined as void };
  const environments = () => {
    const hosts = state.hosts.map((name) => hostSettings(name));
    return new Map<string, Environment>([['production', { ...environmentOf(hosts), balancer: state.balancer }]]);
  };
  const balancers = createBalancers({
    environments,
    tunnels: '/data/tunnels',
    mask: (text) => text,
    clock: manualClock(),
    log,
    open(wanted, tunnels) {
      opened.push([wanted, tunnels]);
      const name = opened.length;
      said.push(`open ${name}`);
      const close = async () => {
        await state.closing();
        said.push(`close ${name}`);
      };
      return { ...createFakeBalancer(), close };
    },
  });
  return { balancers, opened, said, state, log };
}

test('a balancer is opened at its first use, once, with a folder that no host has', async () => {
  const { balancers, opened } = stage(haproxy('/a'));
  expect(opened).toEqual([]);
  const [first, second] = [await balancers.find('production'), await balancers.find('production')];
  expect(first).not.toBeNull();
  expect(first).toBe(second);
  expect(opened).toEqual([[{ settings: haproxy('/a'), hosts: ['a'] }, '/data/tunnels/production/_']]);
});

test('an environment without a balancer, or that is not there, has none', async () => {
  const { balancers } = stage(null);
  expect([await balancers.find('production'), await balancers.find('staging')]).toEqual([null, null]);
});

test('it stays the same while its settings do, and a new one is opened once it is closed', async () => {
  const { balancers, state, said } = stage(haproxy('/a'));
  const before = await balancers.find('production');
  state.balancer = haproxy('/a');
  expect(await balancers.find('production')).toBe(before);
  state.balancer = haproxy('/b');
  expect(await balancers.find('production')).not.toBe(before);
  state.hosts = ['a', 'b'];
  await balancers.find('production');
  expect(said).toEqual(['open 1', 'close 1', 'open 2', 'close 2', 'open 3']);
});

test('what has left the configuration is closed, and a fault of that is logged', async () => {
  const { balancers, state, said, log } = stage(haproxy('/a'));
  await balancers.find('production');
  await balancers.closeGone();
  expect(said).toEqual(['open 1']);
  state.balancer = null;
  state.closing = () => Promise.reject(new Error('it does not'));
  await balancers.closeGone();
  expect(log.lines.map(({ message }) => message)).toEqual(['could not close the way to a balancer']);
  expect(await balancers.find('production')).toBeNull();
});

test('after the end there is none', async () => {
  const { balancers, said } = stage(haproxy('/a'));
  await balancers.find('production');
  await balancers.close();
  expect([await balancers.find('production'), said]).toEqual([null, ['open 1', 'close 1']]);
});
