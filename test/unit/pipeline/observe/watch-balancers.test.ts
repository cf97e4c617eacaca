import { createEvents } from '../../../../src/events.js';
import { createBalanced } from '../../../../src/pipeline/observe/balanced.js';
import { createObservations } from '../../../../src/pipeline/observe/observations.js';
import { watchBalancers } from '../../../../src/pipeline/observe/watch-balancers.js';
import { systemClock } from '../../../../src/system-clock.js';
import { until } from '../../../support/api-client.js';
import { service } from '../../../support/app.js';
import { createFakeBalancer } from '../../../support/fake-balancer.js';
import { keptLog } from '../../../support/kept-log.js';
import { deploySettings, environmentOf, hostSettings } from '../../../support/own-containers.js';

test('balancers are asked who is active, again after deployments, and one that is away is said once', async () => {
  const [balancer, events, log] = [createFakeBalancer(), createEvents(), keptLog()];
  const observations = createObservations(systemClock, events);
  observations.note('production', 'a', { seen: { own: [], foreign: [] } });
  const balanced = createBalanced({ events, observations });
  const told: string[] = [];
  events.subscribe((event) => {
    if (event.type === 'observation') told.push(`${event.environment} ${event.host} ${event.reachable}`);
  });
  const newlyTold = (): string => told.splice(0).join();
  const behind = { kind: 'command', observe: [], enable: [], drain: [], address: null } as const;
  const environment = { ...environmentOf([hostSettings('a'), hostSettings('b')]), balancer: behind };
  const stopping = new AbortController();
  const watching = watchBalancers(
    {
      ...{ balanced, events, log, clock: systemClock },
      balancers: { find: async () => balancer, closeGone: async () => undefined },
      environments: () => new Map([['production', environment]]),
      services: () => new Map([['app', service({ name: 'app', deploy: deploySettings() })]]),
      store: { deployments: { allDesired: async () => [] } },
    },
    stopping.signal,
  );
  const states = () => [...(balanced.of('production', 'app') ?? [])].map(([host, state]) => `${host} ${state}`).join();
  await until('the first answer', async () => states() === 'a active,b drained');
  // Nobody has asked the other host yet.
  expect(newlyTold()).toBe('production a true');
  observations.note('production', 'b', { seen: { own: [], foreign: [] } });
  expect(newlyTold()).toBe('production b true');
  await balancer.enable('app', 'b');
  const changed = {
    type: 'deployment',
    id: 'd',
    service: 'app',
    environment: 'production',
    status: 'running',
  } as const;
  events.publish(changed);
  await until('the next one', async () => states() === 'a active,b active');
  // Nothing has changed of the other one.
  expect(newlyTold()).toBe('production b true');
  balancer.setAway(true);
  events.publish(changed);
  await until('nothing is known any more', async () => states() === '');
  expect(newlyTold()).toBe('production a true,production b true');
  events.publish(changed);
  const asked = balancer.transcript.length;
  await until('another question', async () => balancer.transcript.length > asked);
  expect(newlyTold()).toBe('');
  stopping.abort();
  await watching;
  expect(log.lines.filter(({ message }) => message === 'a balancer cannot say who is active')).toHaveLength(1);
}, 30_000);
