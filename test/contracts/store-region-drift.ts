import type { RegionDriftOf } from '../../src/store/contract.js';
import { storeForEachTest, type OpenStore } from './store-harness.js';
import { head } from './store-samples.js';

export function regionDriftContract(open: OpenStore): void {
  const under = storeForEachTest(open);
  const found: RegionDriftOf = {
    ...{ service: 'app', branch: 'main', commit: head('a'), rules: 'r1' },
    drift: [
      { message: 'Copies lib.', dockerfile: { path: 'docker/Dockerfile', line: 3 } },
      { message: 'Matches nothing.', dockerfile: null },
    ],
  };

  test('of a branch the last one stands, after a restart too, and none where there is no drift', async () => {
    const { regionDrifts } = under.store;
    expect(await regionDrifts.of('app')).toEqual([]);
    await regionDrifts.note(found);
    const newer = { ...found, commit: head('b'), rules: 'r2', drift: found.drift.slice(0, 1) };
    await regionDrifts.note(newer);
    expect(await regionDrifts.of('app')).toEqual([newer]);
    expect(await (await under.reopen()).regionDrifts.of('app')).toEqual([newer]);
    await under.store.regionDrifts.note({ ...newer, drift: [] });
    expect(await under.store.regionDrifts.all()).toEqual([]);
  });

  test('each branch of each service has its own', async () => {
    const { regionDrifts } = under.store;
    const rows = [{ ...found, branch: 'next' }, found, { ...found, service: 'other' }];
    for (const row of rows) await regionDrifts.note(row);
    expect(await regionDrifts.of('app')).toEqual([rows[1], rows[0]]);
    await regionDrifts.note({ ...found, drift: [] });
    const left = (await regionDrifts.all()).map(({ service, branch }) => `${service} ${branch}`);
    expect(left.sort()).toEqual(['app next', 'other main']);
  });
}
