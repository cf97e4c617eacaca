import { agree } from '../../../src/balancer/haproxy/agree.js';
import type { ServerState } from '../../../src/balancer/haproxy/answers.js';

const server = (changes: Partial<ServerState> = {}): ServerState => ({
  state: 'active',
  sessions: 1,
  passedCheck: true,
  reason: null,
  ...changes,
});
const down = server({ state: 'down', passedCheck: false, reason: 'its weight is 0' });
const drained = server({ state: 'drained' });
const views = (...servers: readonly ServerState[]) => servers.map((one, at) => ({ address: `/${at}`, server: one }));

test.each([
  ['one', [server()], { state: 'active', sessions: 1, passedCheck: true, reason: null }],
  ['one that is down', [down], { state: 'down', reason: 'its weight is 0' }],
  ['two that are active', [server(), server()], { state: 'active', sessions: 2, passedCheck: true, reason: null }],
  ['two that are drained', [drained, drained], { state: 'drained', sessions: 2 }],
  ['active and down', [server(), down], { state: 'down', passedCheck: false, reason: 'its weight is 0 at /1' }],
  [
    'drained and down',
    [drained, down],
    { state: 'unknown', reason: expect.stringMatching(/do not agree: drained at/) },
  ],
  ['active and drained', [server(), drained], { state: 'unknown', sessions: 2 }],
  ['checked and not checked', [server(), server({ passedCheck: null })], { passedCheck: true }],
  ['a check that is missing', [server(), server({ passedCheck: false })], { state: 'active', passedCheck: false }],
  ['unknown sessions', [server(), server({ sessions: null })], { sessions: null }],
])('%s', (_, servers, expected) => {
  expect(agree(views(...servers))).toMatchObject(expected);
});
