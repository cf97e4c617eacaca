import { hostsToRepair, mayRepair, repairer, type RepairFacts } from '../../../src/decide/repairs.js';
import type { Desired } from '../../../src/model/deployment.js';
import type { HostObservation, OwnContainer } from '../../../src/model/observation.js';
import { desiredOf } from '../../support/desired.js';
import { ownContainer } from '../../support/observed.js';

const state = ownContainer().state;
const runs = ownContainer({ compared: { deploymentId: 'd1', drift: [] } });
const stopped = ownContainer({ state: { ...state, status: 'exited' } });
const drifted = ownContainer({
  compared: { deploymentId: 'd1', drift: [{ field: 'mem_limit', wanted: '1', found: '2' }] },
});
const unknown = ownContainer({ known: false });
const other = ownContainer({ service: 'other' });

const host = (own: readonly OwnContainer[], over: Partial<HostObservation> = {}): HostObservation => ({
  ...{ environment: 'production', host: 'a', reachable: true, since: 1, why: null },
  seen: { at: 100, own, foreign: [] },
  ...over,
});
const { service, environment, release, deployment, spec } = runs;
const claim = { service, environment, release, deployment, spec, digests: [], origin: null };
const claiming = {
  ...{ at: 100, own: [] },
  foreign: [{ id: 'c', name: 'n', image: 'i', state: 'running', ports: [], claimsOurs: true, claim }],
} as const;
const stop: Partial<Desired> = { wanted: 'stopped' };
const behind: Partial<Desired> = { behind: ['a'] };
const away = { reachable: false };

test.each<[string, RepairFacts['repair'], HostObservation, Partial<Desired>, boolean]>([
  ['one that runs what it should', 'all', host([runs]), {}, false],
  ['one that was left out', 'off', host([runs]), behind, true],
  ['one that was left out and is still away', 'off', host([], away), behind, false],
  ['one that nobody has asked yet', 'off', host([], { reachable: null, seen: null }), behind, false],
  ['one that was left out by a stop', 'off', host([runs]), { ...stop, ...behind }, true],
  ['one that runs nothing, without repair', 'off', host([]), {}, false],
  ['one that runs nothing', 'missing', host([]), {}, true],
  ['one that runs another service only', 'missing', host([other]), {}, true],
  ['one whose container has ended', 'missing', host([stopped]), {}, true],
  ['one that is away', 'missing', host([stopped], away), {}, false],
  ['one that runs nothing as it should', 'all', host([stopped]), stop, false],
  ['one that runs although it should not', 'all', host([runs]), stop, false],
  ['one that was changed by hand, with missing', 'missing', host([drifted]), {}, false],
  ['one that was changed by hand', 'all', host([drifted]), {}, true],
  ['one that has drifted and stopped others', 'all', host([stopped, drifted]), {}, true],
  ['one that came after the deployment', 'all', host([], { host: 'new' }), {}, false],
  ['one that runs what nobody knows', 'all', host([unknown]), {}, false],
  ['one that was left out and runs what nobody knows', 'all', host([unknown]), behind, false],
  ['one that was left out and runs what only claims to be ours', 'all', host([], { seen: claiming }), behind, false],
])('%s, %s', (_, repair, observation, over, isRepaired) => {
  const facts = { desired: desiredOf(over), repair, observations: [observation], changedAt: 1 };
  expect(hostsToRepair(facts)).toEqual(isRepaired ? [observation.host] : []);
  expect(hostsToRepair({ ...facts, changedAt: 100 })).toEqual([]);
});

const minute = 60_000;
const at = (minutes: number, requester = repairer as { by: string; person: boolean }) => ({
  requester,
  createdAt: minutes * minute,
});
test.each<[string, readonly ReturnType<typeof at>[], boolean]>([
  ['the first', [], true],
  ['the third', [at(19), at(18)], true],
  ['the fourth', [at(19), at(18), at(17)], false],
  ['the fourth after ten minutes', [at(19), at(18), at(10)], true],
  ['what persons ask for does not count', [at(19), at(18), at(17, { by: 'slipway', person: true })], true],
  ['nor what `follow` does', [at(19), at(18), at(17, { by: 'follow', person: false })], true],
])('within ten minutes: %s', (_, latest, may) => expect(mayRepair(latest, 20 * minute)).toBe(may));
