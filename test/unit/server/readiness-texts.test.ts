import type { ForeignContainer, HostObservation } from '../../../src/model/observation.js';
import { ownContainer } from '../../support/observed.js';
import type { WaitingFor } from '../../../src/model/waiting-for.js';
import { configurationText, hostsText, MAX_WAITS, waitsText } from '../../../src/server/readiness-texts.js';

const wait = (code: WaitingFor['code'], until: number): WaitingFor => ({ code, message: `It is ${code}.`, until });

test('what is waited for is said once for each cause, with the first time', () => {
  expect(waitsText([])).toBe('ok');
  expect(
    waitsText([wait('git-unavailable', 1_000), wait('registry-unavailable', 2_000), wait('git-unavailable', 3_000)]),
  ).toBe(
    'waiting for git-unavailable (2 looks and builds), until 1970-01-01T00:00:01.000Z: It is git-unavailable.; ' +
      'registry-unavailable, until 1970-01-01T00:00:02.000Z: It is registry-unavailable.',
  );
  expect(waitsText(Array.from({ length: MAX_WAITS }, () => wait('low-disk', 1)))).toContain('(at least 1,000 looks');
});

test('faults of a configuration are named, at most five of them', () => {
  expect(configurationText(null)).toBe('ok');
  const faults = (count: number) => Array.from({ length: count }, (_, at) => ({ path: `p${at}`, message: 'is wrong' }));
  expect(configurationText({ at: 0, faults: [{ path: '', message: 'the file cannot be read' }] })).toBe(
    'the file changed and was not taken at 1970-01-01T00:00:00.000Z, 1 fault: the file cannot be read',
  );
  expect(configurationText({ at: 0, faults: faults(7) })).toBe(
    'the file changed and was not taken at 1970-01-01T00:00:00.000Z, 7 faults: p0: is wrong; p1: is wrong; p2: is wrong; ' +
      'p3: is wrong; p4: is wrong and 2 more',
  );
});

test('hosts that are away are named, deployments that nobody knows, and containers that only claim to be ours', () => {
  const foreign = (name: string, claimsOurs: boolean): ForeignContainer => ({
    ...{ id: name, name, image: 'i', state: 'running', ports: [], claimsOurs },
  });
  const known = (host: string, changes: Partial<HostObservation> = {}): HostObservation => ({
    ...{ environment: 'production', host, reachable: true, since: 1_000, why: null, seen: null },
    ...changes,
  });
  expect(hostsText([])).toBe('ok');
  const seen = { at: 1, own: [], foreign: [foreign('web', false)] };
  expect(hostsText([known('a', { seen }), known('b', { reachable: null })])).toBe('ok');
  expect(hostsText([known('a', { reachable: false, why: 'it is off' }), known('b')])).toBe(
    'degraded, away: production/a since 1970-01-01T00:00:01.000Z (it is off)',
  );
  expect(hostsText([known('a', { seen: { ...seen, foreign: [foreign('copy', true)] } })])).toBe(
    'containers with labels of this instance and without its seal: copy on production/a',
  );
  const lost = ownContainer({ known: false });
  const stopped = { ...lost, state: { ...lost.state, status: 'exited' as const } };
  expect(hostsText([known('a', { seen: { ...seen, own: [lost, ownContainer()] } })])).toBe(
    'degraded, deployments that the database does not know: java-service-1.production.d1 on production/a',
  );
  expect(hostsText([known('a', { seen: { ...seen, own: [stopped] } })])).toBe('ok');
  const many = Array.from({ length: 7 }, (_, at) => known(`h${at}`, { reachable: false, why: 'off' }));
  expect(hostsText(many)).toMatch(/production\/h4 since \S+ \(off\) and 2 more$/);
});
