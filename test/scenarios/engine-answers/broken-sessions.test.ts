/** Whatever an engine does on a build session, nothing is unhandled, and the next session is served. */
import { startScenarios, type Outcomes } from '../../support/outcomes.js';

let outcomes: Outcomes;
beforeAll(() => {
  outcomes = startScenarios(new URL('../../support/children/broken-sessions.ts', import.meta.url));
});
afterAll(() => outcomes.close());

const paths = ['/grpc.health.v1.Health/Check', '/test/Hold', '/test/Pour', '/test/Fail', '/test/NotServed'];

describe.each([
  'a reset in the packet of the call',
  'a reset in the packet of the upgrade',
  'a reset behind the message, in the packet of the upgrade',
  'a goodbye in the packet of the upgrade',
  'noise in the packet of the upgrade',
  'a reset behind the message',
  'a reset of a call under way',
  'a goodbye in the packet of the call',
  'a goodbye with an error',
  'a socket that is destroyed in a call',
  'a socket that is reset in a call',
  'a socket that is ended in a call',
  'our socket that breaks in a call',
  'trailers behind the end',
  'a call on every number, reset at once',
  'thousands of calls',
  'a window that never opens',
])('%s', (mischief) => {
  test.each(paths)('of %s', async (path) => {
    const name = `${mischief} (${path})`;
    expect(await outcomes.of(name)).toEqual({ name, said: 'ok', unhandled: [] });
  });
});

test.each([
  'thousands of calls are served a hundred at a time',
  'a message that claims four gigabytes',
  'a message that is compressed',
  'no preface',
  'noise behind the preface',
  'data for no stream',
  'data for a stream that nobody opened',
  'a frame that is too large',
  'headers that are no HPACK',
  'headers without a path',
  'a window that overflows',
  'ninety thousand headers',
  'a million headers',
  'headers without an end',
  'pings without an end',
  'settings without an end',
  'a socket that is gone before the session begins',
])('%s', async (name) => {
  expect(await outcomes.of(name)).toEqual({ name, said: 'ok', unhandled: [] });
});
