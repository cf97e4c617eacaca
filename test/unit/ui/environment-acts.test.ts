import { actsOf, typedBefore } from '../../../ui/src/pages/environment/act-list.js';
import { sentenceOf } from '../../../ui/src/pages/environment/sentence.js';
import type { Environment, MatrixCell, ServiceOnHost, ServiceThere } from '../../../ui/src/environments/types.js';

const onHost = (changes: Partial<ServiceOnHost> = {}): ServiceOnHost => ({
  ...{ host: 'a', release: 1, tag: '1.0', digest: null, containerId: 'c', state: 'running', health: null },
  ...{ balancer: null, startedAt: null, restarts: 0, lastExit: null, drift: [] },
  ...changes,
});
const there = (changes: Partial<ServiceThere> = {}): ServiceThere => ({
  ...{ service: 'shop', orphaned: false, desired: { release: 1, tag: '1.0' }, pending: [], hosts: [onHost()] },
  ...{ scale: { running: 1, wanted: 1 }, deploymentId: 'd1' },
  ...changes,
});
const drift = (field: string) => [{ field, wanted: '1', found: '2' }];
const environment = (changes: Partial<Environment> = {}): Environment => ({
  ...{ name: 'production', strategy: 'rolling', gate: 'start', approvals: 0, window: null, hold: null },
  hosts: [{ name: 'a', address: '', reachable: true, since: null, observedAt: null }],
  ...{ orphanedHosts: [], services: [there()] },
  ...changes,
});

const names = (changes: Partial<ServiceThere>) => actsOf(there(changes)).map(({ name }) => name);

test('what may be done depends on what should run and what does', () => {
  expect(names({})).toEqual(['restart', 'stop', 'rollback', 'remove']);
  expect(names({ scale: { running: 0, wanted: 0 } })).toEqual(['start', 'rollback', 'remove']);
  expect(names({ hosts: [onHost({ drift: drift('image') })] })).toContain('adopt-observed');
  expect(names({ desired: null })).toEqual(['adopt-observed']);
  expect(names({ desired: null, hosts: [onHost({ state: 'missing' })] })).toEqual([]);
});

test('a protected environment wants its name before each act, any other that of the service before a removal', () => {
  const [restart, , , remove] = actsOf(there());
  if (restart === undefined || remove === undefined) throw new Error('these acts are always there');
  expect(typedBefore(restart, 'shop', 'production', false)).toBeNull();
  expect(typedBefore(remove, 'shop', 'production', false)).toBe('shop');
  expect(typedBefore(restart, 'shop', 'production', true)).toBe('production');
  expect(typedBefore(remove, 'shop', 'production', true)).toBe('production');
});

test('the sentence says what is wrong, else that all is well', () => {
  expect(sentenceOf(environment(), [])).toBe('1 service on 1 host: everything runs as it should.');
  // Before it is known how the services stand, nothing is promised.
  expect(sentenceOf(environment(), undefined)).toBe('1 service on 1 host.');
  const services = [
    there({ hosts: [onHost({ drift: drift('does-not-stay-up') })] }),
    there({ service: 'cart', pending: [{ field: 'mem_limit', now: '1g', next: '2g', secret: false }] }),
  ];
  const many = ['a', 'b', 'c', 'd', 'e'].map((service) =>
    there({ service, hosts: [onHost({ drift: drift('image') })] }),
  );
  expect(sentenceOf(environment({ services: many }), [])).toBe(
    '5 services on 1 host: a, b, c and 2 more are not as wanted.',
  );
  const hosts = [{ name: 'a', address: '', reachable: false, since: null, observedAt: null }];
  expect(sentenceOf(environment({ services, hosts }), [])).toBe(
    '2 services on 1 host: a cannot be reached; shop does not stay up; ' +
      'cart has settings that apply with the next deployment.',
  );
  const cell: MatrixCell = {
    ...{ environment: 'production', orphaned: false, desired: null, behind: 1, pending: 0, inStep: 1, total: 1 },
    hosts: [],
    last: {
      ...{ id: 'd2', kind: 'deployment', status: 'failed', by: 'ann', at: '' },
      ...{ release: { number: 2, tag: '1.1' }, blocked: true },
    },
  };
  expect(sentenceOf(environment(), [cell])).toBe(
    '1 service on 1 host: the newest deployment of 1 service failed; 1 behind.',
  );
});
