import { drifted } from '../../../src/operations/drifted.js';
import type { HostObservation, OwnContainer } from '../../../src/model/observation.js';
import { desiredOf } from '../../support/desired.js';
import { ownContainer } from '../../support/observed.js';

const desired = desiredOf({});
const { environment, service } = desired;
const runs = ownContainer({ service, compared: { deploymentId: desired.deploymentId, drift: [] } });
const changed = ownContainer({
  ...{ service, compared: { deploymentId: desired.deploymentId, drift: [{ field: 'cpus', wanted: '1', found: '2' }] } },
});
const unknown = ownContainer({ service: 'unknown', known: false });

async function found(own: readonly OwnContainer[], over: Partial<HostObservation> = {}, restless: string[] = []) {
  const seen = { at: 1, own, foreign: [] };
  const observation = { environment, host: 'a', reachable: true, since: 1, why: null, seen, ...over };
  const deployments = { allDesired: async () => [desired], unfinished: async () => [] };
  const deps = { store: { deployments }, observations: { all: () => [observation] }, restless: { of: () => restless } };
  return (await drifted(deps)).map((one) => `${one.environment} ${one.service} ${one.host} ${one.count}`);
}

test('counts the fields of each service on a host that are not as they should be', async () => {
  expect(await found([runs])).toEqual([]);
  expect(await found([changed])).toEqual([`${environment} ${service} a 1`]);
  expect(await found([])).toEqual([`${environment} ${service} a 1`]);
  expect(await found([changed], {}, ['a'])).toEqual([`${environment} ${service} a 2`]);
  expect(await found([runs, unknown])).toEqual([`${environment} unknown a 1`]);
});

test('says nothing of hosts that are not reached, or were not asked', async () => {
  expect(await found([changed], { reachable: false })).toEqual([]);
  expect(await found([changed], { seen: null })).toEqual([]);
});
