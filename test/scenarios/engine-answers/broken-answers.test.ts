/** Whatever an engine answers, it is an error with a code: never a request to another host, never the end of the process. */
import { startScenarios, type Outcomes } from '../../support/outcomes.js';

let outcomes: Outcomes;
beforeAll(() => {
  outcomes = startScenarios(new URL('../../support/children/broken-answers.ts', import.meta.url));
});
afterAll(() => outcomes.close());

const redirected = ['find', 'tag', 'remove', 'pull', 'push', 'build', 'ping', 'prune'];
const places = ['ftp://x/y', 'mailto:x', 'http://[', '//', '', '/elsewhere', 'http://nowhere.invalid/'];

test.each([
  ...redirected.map((name) => [`${name} is redirected`, 'engine-error']),
  ...places.map((place) => [`a redirect to "${place}"`, 'engine-error']),
  ['a redirect that points nowhere', 'engine-error'],
  ['a build is redirected while its context is uploaded', 'engine-error'],
  ['no answer', 'engine-unavailable'],
  ['a reset instead of an answer', 'engine-unavailable'],
  ['what is no HTTP', 'engine-unavailable'],
  ['endless headers', 'engine-unavailable'],
  ['a reset in the middle of an answer', 'engine-unavailable'],
  ['a reset while nobody reads', 'ok'],
  ['an abort while nobody reads', 'ok'],
  ['a broken chunk', 'engine-unavailable'],
  ['two answers to one question', 'ok'],
  ['an upgrade that nobody asked for', 'engine-unavailable'],
  ['an upgrade instead of an account', 'engine-unavailable'],
  ['a session that is reset at once', 'ok'],
  ['a session that is closed at once', 'ok'],
  ['a session that speaks no HTTP/2', 'ok'],
  ['an upgrade and an end in one', 'ok'],
  ['a well-behaved engine', 'ok'],
])('%s: %s', async (name, said) => {
  expect(await outcomes.of(name)).toEqual({ name, said, unhandled: [] });
});
