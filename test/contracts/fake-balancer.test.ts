import { createFakeBalancer } from '../support/fake-balancer.js';
import { failureOf } from '../support/failure-of.js';
import { balancerContract } from './balancer.js';

balancerContract('fake balancer', async () => {
  const balancer = createFakeBalancer({ services: ['web'] });
  return {
    balancer,
    service: 'web',
    unknownService: 'other',
    goAway: async () => balancer.setAway(true),
    comeBack: async () => balancer.setAway(false),
    fall: async (host) => balancer.setDown(host, true),
    rise: async (host) => balancer.setDown(host, false),
    close: async () => undefined,
  };
});

describe('a fake balancer', () => {
  test('fails when it is asked to, without doing anything', async () => {
    const balancer = createFakeBalancer();
    balancer.fail('enable', 'balancer-refused');
    expect(await failureOf(balancer.enable('web', 'b'))).toMatchObject({ code: 'balancer-refused' });
    expect((await balancer.observe('web')).get('b')?.state).toBe('drained');
    expect(balancer.transcript).toEqual(['enable web b', 'observe web']);
  });

  test('loses an answer when it is asked to, although it happened', async () => {
    const balancer = createFakeBalancer();
    balancer.breakOff('enable');
    expect(await failureOf(balancer.enable('web', 'b'))).toMatchObject({ code: 'balancer-unavailable' });
    expect((await balancer.observe('web')).get('b')?.state).toBe('active');
  });

  test('holds checks, has sessions, warns, and forgets at a reload', async () => {
    const balancer = createFakeBalancer();
    balancer.holdChecks();
    balancer.warn('a reload undoes it');
    expect(await balancer.enable('web', 'b')).toEqual(['a reload undoes it']);
    expect((await balancer.observe('web')).get('b')).toMatchObject({ state: 'active', passedCheck: false });
    balancer.passCheck('web', 'b');
    balancer.set('web', 'a', { sessions: 3 });
    expect((await balancer.observe('web')).get('b')?.passedCheck).toBe(true);
    expect((await balancer.observe('web')).get('a')?.sessions).toBe(3);
    balancer.reload();
    expect((await balancer.observe('web')).get('b')?.state).toBe('drained');
  });
});
