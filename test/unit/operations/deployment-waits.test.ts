import type { Deployment } from '../../../src/model/deployment.js';
import { deploymentWaits } from '../../../src/operations/deployment-waits.js';
import { deployed } from '../../contracts/store-deployment-samples.js';

const NOW = 1000;
const deployment = (over: Partial<Deployment> = {}): Deployment => ({
  ...{ id: 'd1', kind: 'deployment', service: 'web', environment: 'production', release: deployed(1), from: null },
  ...{ status: 'pending', waitedOut: null, notBefore: 0, requester: { by: 'x', person: true }, approvals: [] },
  ...{ reference: null, reason: null, force: false, adopt: [], useKept: false, removes: false, callbackUrl: null },
  ...{ only: null, build: null, hosts: [], steps: [], warnings: [], error: null, createdAt: 0, startedAt: null },
  ...{ finishedAt: null, claim: 0, cancelRequested: false, activeBefore: null, turnedBack: null, gate: null },
  ...over,
});

const away = (code: 'host-unreachable' | 'image-pull-failed' | 'registry-unavailable' | 'store-unavailable') => ({
  code,
  message: 'It is away.',
});
const closed = { code: 'window', message: 'It is closed.', until: 9000 } as const;
const running = deployment({ id: 'd0', status: 'running' });
const build = { id: 'b1', branch: 'main' };

test.each<[string, Partial<Deployment>, readonly Deployment[], unknown]>([
  ['nothing', {}, [], null],
  [
    'its build',
    { release: null, build },
    [running],
    { code: 'build', message: expect.stringContaining('b1'), until: null },
  ],
  ['nothing of a build that gave a release', { build }, [], null],
  [
    'a host',
    { waitedOut: away('host-unreachable'), notBefore: 5000 },
    [],
    { code: 'host', message: 'It is away.', until: 5000 },
  ],
  ['the registry', { waitedOut: away('image-pull-failed'), notBefore: 5000 }, [], { code: 'registry', until: 5000 }],
  ['something else', { waitedOut: away('store-unavailable'), notBefore: 5000 }, [], { code: 'store-unavailable' }],
  ['nothing that is over', { waitedOut: away('host-unreachable'), notBefore: 900 }, [], null],
  [
    'a host while it runs',
    { status: 'running', waitedOut: away('host-unreachable') },
    [],
    { code: 'host', until: null },
  ],
  ['the one that runs', {}, [running], { code: 'deployment', message: expect.stringContaining('d0'), until: null }],
  ['a slot', {}, ['x', 'y'].map((service) => ({ ...running, service })), { code: 'slot', until: null }],
  ['its gate', { gate: 'waits', startedAt: 1 }, [running], closed],
  ['its gate while it runs', { status: 'running', gate: 'waits' }, [], closed],
  ['no gate once it is canceled', { gate: 'waits', cancelRequested: true }, [], null],
  [
    'no slot that somebody at the gate could have',
    {},
    ['x', 'y'].map((service) => ({ ...running, service, gate: 'waits' as const })),
    null,
  ],
  [
    'no slot of another environment',
    {},
    ['x', 'y'].map((service) => ({ ...running, service, environment: 'staging' })),
    null,
  ],
])('a deployment waits for %s', (_, over, unfinished, expected) => {
  const facts = { unfinished, now: NOW, concurrencyOf: () => 2, gateOf: () => closed };
  const found = deploymentWaits(deployment(over), facts);
  if (expected === null) expect(found).toBeNull();
  else expect(found).toMatchObject(expected as object);
});
