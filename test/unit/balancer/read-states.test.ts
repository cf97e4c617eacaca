import { readStates } from '../../../src/balancer/command/read-states.js';

const hosts = ['a', 'b'];
const stateOf = (line: string) => {
  const read = readStates(line, hosts);
  return read.fault === null ? read.hosts.get('a') : read;
};

test.each([
  ['a active 12', { state: 'active', passedCheck: true, sessions: 12, reason: null }],
  ['a active', { state: 'active', passedCheck: true, sessions: null, reason: null }],
  ['\n  a \t unchecked 0\r\n\n', { state: 'active', passedCheck: false, sessions: 0, reason: null }],
  ['a down', { state: 'down', passedCheck: false, sessions: null, reason: 'the balancer sees it down' }],
  ['a drained 3', { state: 'drained', passedCheck: null, sessions: 3, reason: null }],
  ['b active', { state: 'unknown', passedCheck: null, sessions: null }],
  ['', { state: 'unknown' }],
])('%j', (line, expected) => {
  expect(stateOf(line)).toMatchObject(expected);
});

test.each(['a', 'a up', 'a ACTIVE', 'a constructor', 'a active -1', 'a active 1.5', 'a active 1 2', '{"a":"active"}'])(
  '%j has another form',
  (line) => {
    expect(readStates(line, hosts)).toEqual({ fault: `not a line of the form HOST STATE [SESSIONS]: ${line}` });
  },
);

test('every host is there in the order of the configuration, and no other one', () => {
  const read = readStates('c active\nb active\na drained', hosts);
  expect(read.fault === null && [...read.hosts.keys()]).toEqual(hosts);
});

test('two lines for one host are a fault', () => {
  expect(readStates('a active\na drained', hosts)).toEqual({ fault: 'two lines for the host a' });
});
