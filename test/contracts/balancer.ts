import type { BalancedHost, Balancer } from '../../src/balancer/contract.js';
import { until } from '../support/api-client.js';
import { failureOf } from '../support/failure-of.js';

export interface BalancerHarness {
  /** Of the hosts `a` and `b`. At first `a` is active and `b` is idle; both are up. */
  readonly balancer: Balancer;
  readonly service: string;
  /** One that it never heard of. */
  readonly unknownService: string;
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  /** The balancer gets no answer from a host any more. */
  fall(host: string): Promise<void>;
  rise(host: string): Promise<void>;
  close(): Promise<void>;
}

/** What every balancer does. */
export function balancerContract(name: string, open: () => Promise<BalancerHarness>): void {
  describe(`${name} as a balancer`, () => {
    let harness: BalancerHarness;
    let balancer: Balancer;
    let service: string;
    beforeAll(async () => {
      harness = await open();
      ({ balancer, service } = harness);
    }, 30_000);
    afterAll(() => harness?.close());
    beforeEach(async () => {
      await balancer.enable(service, 'a');
      await settled('a', ({ state, passedCheck }) => state === 'active' && passedCheck !== false);
      await balancer.drain(service, 'b');
    });

    const stateOf = async (host: string): Promise<BalancedHost['state'] | undefined> =>
      (await balancer.observe(service)).get(host)?.state;
    const settled = (host: string, fits: (seen: BalancedHost) => boolean): Promise<BalancedHost> =>
      until(`${host} to be as expected`, async () => {
        const seen = (await balancer.observe(service)).get(host);
        return seen !== undefined && fits(seen) && seen;
      });

    test('says who is active and who is idle', async () => {
      const hosts = await balancer.observe(service);
      expect([...hosts.keys()]).toEqual(['a', 'b']);
      expect(hosts.get('a')).toMatchObject({ state: 'active', sessions: 0, reason: null });
      expect(hosts.get('b')).toMatchObject({ state: 'drained', sessions: 0, reason: null });
    });

    test('switches: the idle host first, then the other is drained', async () => {
      expect(await balancer.enable(service, 'b')).toEqual([]);
      await settled('b', ({ state, passedCheck }) => state === 'active' && passedCheck !== false);
      expect(await stateOf('a')).toBe('active');
      expect(await balancer.drain(service, 'a')).toEqual([]);
      expect([await stateOf('a'), await stateOf('b')]).toEqual(['drained', 'active']);
    });

    test('what is done already is done', async () => {
      await balancer.drain(service, 'b');
      await balancer.enable(service, 'a');
      expect([await stateOf('a'), await stateOf('b')]).toEqual(['active', 'drained']);
    });

    const refusal = { code: 'balancer-refused', blame: 'balancer', retryable: false, status: 502 };

    test('the last usable host is not drained', async () => {
      const failure = await failureOf(balancer.drain(service, 'a'));
      expect(failure).toMatchObject(refusal);
      expect(failure?.message).toMatch(/a is not drained.*b is drained/);
      expect(await stateOf('a')).toBe('active');
    });

    test('a host that is down is active, says why, and does not count as usable', async () => {
      await balancer.enable(service, 'b');
      await harness.fall('b');
      const seen = await settled('b', ({ state }) => state === 'down');
      expect(seen.passedCheck).toBe(false);
      expect(seen.reason).toMatch(/down/);
      expect(await failureOf(balancer.drain(service, 'a'))).toMatchObject(refusal);
      await balancer.drain(service, 'b');
      expect(await stateOf('b')).toBe('drained');
      await harness.rise('b');
    });

    test('a service or host that it never heard of is refused for good', async () => {
      const { unknownService } = harness;
      const failures = [
        await failureOf(balancer.observe(unknownService)),
        await failureOf(balancer.enable(unknownService, 'a')),
        await failureOf(balancer.drain(unknownService, 'a')),
        await failureOf(balancer.enable(service, 'c')),
        await failureOf(balancer.drain(service, 'c')),
      ];
      expect(failures).toMatchObject(failures.map(() => refusal));
    });

    test('a balancer that is away comes back', async () => {
      await harness.goAway();
      const away = { code: 'balancer-unavailable', blame: 'balancer', retryable: true, status: 503 };
      expect(await failureOf(balancer.observe(service))).toMatchObject(away);
      expect(await failureOf(balancer.enable(service, 'b'))).toMatchObject(away);
      expect(await failureOf(balancer.drain(service, 'a'))).toMatchObject(away);
      await harness.comeBack();
      expect([await stateOf('a'), await stateOf('b')]).toEqual(['active', 'drained']);
    });

    test('nothing is changed without a permit', async () => {
      const none = (): Promise<void> => Promise.reject(new Error('the lease is lost'));
      await expect(balancer.enable(service, 'b', none)).rejects.toThrow('the lease is lost');
      expect(await stateOf('b')).toBe('drained');
      await balancer.enable(service, 'b');
      await settled('b', ({ state, passedCheck }) => state === 'active' && passedCheck !== false);
      await expect(balancer.drain(service, 'a', none)).rejects.toThrow('the lease is lost');
      expect(await stateOf('a')).toBe('active');
    });

    test('two changes at once leave one host usable', async () => {
      await balancer.enable(service, 'b');
      await settled('b', ({ state, passedCheck }) => state === 'active' && passedCheck !== false);
      const drained = await Promise.all(['a', 'b'].map((host) => failureOf(balancer.drain(service, host))));
      expect(drained.filter((failure) => failure === null)).toHaveLength(1);
      expect(drained).toContainEqual(expect.objectContaining(refusal));
    });
  });
}
