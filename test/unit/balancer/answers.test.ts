import { breakOf, readChange, readServers, readStateTable } from '../../../src/balancer/haproxy/answers.js';

const stateHeader =
  '# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight srv_time_since_last_change ' +
  'srv_check_status srv_check_result srv_check_health srv_check_state srv_agent_state';

interface Sample {
  readonly op?: number;
  readonly admin?: number;
  readonly weight?: number;
  /** `srv_check_result`, `srv_check_health`, `srv_check_state`. */
  readonly check?: readonly [number, number, number];
  /** `qcur`, `scur`, `check_status`, `check_rise`, `check_fall`, `last_chk`. */
  readonly stat?: string;
}

/** An answer with one server `web-a` of `bk_web`, and one of the same name of another backend. */
function answer({ op = 2, admin = 0, weight = 1, check = [3, 3, 6], stat = '0,0,L7OK,2,2,' }: Sample): string {
  const row = (backend: string, flags: string) => `3 ${backend} 1 web-a 10.0.0.1 ${flags} 1 15 15 ${check.join(' ')} 0`;
  return [
    ...['1', stateHeader, row('bk_web', `${op} ${admin} ${weight}`), row('bk_other', '0 1 1'), ''],
    ...['# pxname,svname,qcur,scur,check_status,check_rise,check_fall,last_chk,'],
    ...[`bk_web,web-a,${stat},`, `bk_other,web-a,9,9,,,,,`, '', ''],
  ].join('\n');
}

const read = (sample: Sample) => {
  const servers = readServers(answer(sample), 'bk_web');
  return servers.kind === 'ok' ? servers.value.get('web-a') : servers;
};

test.each<[string, Sample, object]>([
  ['up', {}, { state: 'active', sessions: 0, passedCheck: true, reason: null }],
  ['up slowly', { op: 1 }, { state: 'active' }],
  ['forced into maintenance', { op: 0, admin: 1 }, { state: 'drained' }],
  ['in maintenance with the one that it tracks', { op: 0, admin: 2 }, { state: 'drained' }],
  ['in maintenance by its configuration and by force', { op: 0, admin: 5 }, { state: 'drained' }],
  ['back from maintenance by its configuration', { admin: 4 }, { state: 'active' }],
  ['down, back from maintenance by its configuration', { op: 0, admin: 4 }, { state: 'down' }],
  ['drained', { admin: 8 }, { state: 'drained' }],
  ['drained and disabled', { admin: 12 }, { state: 'drained' }],
  ['drained with the one that it tracks', { admin: 16 }, { state: 'drained' }],
  ['without an address', { op: 0, admin: 32 }, { state: 'drained' }],
  ['down', { op: 0, stat: '0,0,L4CON,2,2,' }, { state: 'down', reason: 'HAProxy sees it down (L4CON)' }],
  ['about to stop', { op: 3 }, { state: 'down', reason: 'its check says that it is about to stop' }],
  ['without weight', { weight: 0 }, { state: 'down', reason: 'its weight is 0' }],
  ['with sessions and a queue', { stat: '2,5,L7OK,2,2,' }, { sessions: 7 }],
  ['drained with sessions', { admin: 8, stat: '0,5,L7OK,2,2,' }, { state: 'drained', sessions: 5 }],
  ['without a number of sessions', { stat: ',,L7OK,2,2,' }, { sessions: null }],
  ['not checked', { check: [0, 2, 0] }, { state: 'active', passedCheck: null }],
  ['not yet checked', { check: [0, 2, 6] }, { passedCheck: false }],
  ['back with the result of its last check', { check: [3, 2, 6] }, { passedCheck: false }],
  ['passed once after it came back', { check: [3, 3, 6] }, { passedCheck: true }],
  ['passed with a condition', { check: [4, 3, 6] }, { passedCheck: true }],
  ['checked right now', { check: [3, 3, 7] }, { passedCheck: true }],
  ['failed once', { check: [2, 2, 6] }, { passedCheck: false }],
  ['passed once with fall 1', { check: [3, 2, 6], stat: '0,0,L7OK,2,1,' }, { passedCheck: true }],
])('a server that is %s', (_, sample, expected) => {
  expect(read(sample)).toMatchObject(expected);
});

test('a text of a check may have commas, quotes and empty lines', () => {
  const stat = '1,2,L7STS,2,2,"a ""b"", c\n\nd"';
  expect(read({ op: 0, stat })).toMatchObject({ sessions: 3, reason: 'HAProxy sees it down (L7STS, a "b", c\n\nd)' });
});

const refusal = (words: string) => ({ kind: 'refusal', words });

test.each([
  ['\n', { kind: 'ok', value: null }],
  ['No such server.\n\n', refusal('No such server.')],
  ["'set server <srv> state' expects 'ready', 'drain' and 'maint'.\n\n", { kind: 'refusal' }],
  ['Permission denied\n\n', refusal('Permission denied')],
  ['', { kind: 'garbage', words: 'it hung up without an answer' }],
  ['No such', { kind: 'garbage', words: 'it hung up in the middle of its answer' }],
  ['\u0000\n\n', { kind: 'garbage' }],
])('the answer %j to a change', (text, expected) => {
  expect(readChange(text)).toMatchObject(expected);
});

test.each([
  ["Can't find backend.\n\n", refusal("Can't find backend.")],
  ['Unknown command. Please enter one of the following commands only:\n  help\n\n', { kind: 'refusal' }],
  ['2\n# be_id be_name\n\n', { kind: 'garbage' }],
  ['1\nbe_id be_name\n\n', { kind: 'garbage' }],
  ['<html></html>\n\n', { kind: 'garbage' }],
])('the answer %j to a question', (text, expected) => {
  expect(readServers(text, 'bk_web')).toMatchObject(expected);
});

test('statistics that are refused, or cut off after the states, are no states', () => {
  const whole = answer({});
  const [states = ''] = whole.split('\n\n', 1);
  expect(readServers(`${states}\n\nNo such proxy.\n\n`, 'bk_web')).toMatchObject(refusal('No such proxy.'));
  expect(readServers(`${states}\n\n`, 'bk_web')).toMatchObject({ kind: 'garbage' });
});

test('the states of all backends are read as a table', () => {
  const [states = ''] = answer({}).split('\n\n', 1);
  const table = readStateTable(`${states}\n\n`);
  expect(table.kind === 'ok' && table.value.map((row) => row.get('be_name'))).toEqual(['bk_web', 'bk_other']);
});

test.each(['\n', 'a\n\n', '1\n# a b\n\n'])('%j is a whole answer', (text) => {
  expect(breakOf(text)).toBeNull();
});
