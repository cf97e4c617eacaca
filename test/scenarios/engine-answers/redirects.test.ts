import { createEngine } from '../../../src/engine/docker/engine.js';
import { failureOf } from '../../support/failure-of.js';
import { keptLog } from '../../support/kept-log.js';
import { manualClock } from '../../support/manual-clock.js';
import { scriptedServer } from '../../support/scripted-server.js';

test.each([
  [301, 'https://elsewhere.test:8443/v1/images', 'redirects to elsewhere.test:8443 (HTTP status 301)'],
  [302, '//elsewhere.test/x', 'redirects to elsewhere.test (HTTP status 302)'],
  [307, '/images/a/json', 'redirects to itself (HTTP status 307)'],
  [308, 'mailto:x', 'redirects to nowhere (HTTP status 308)'],
  [304, null, 'redirects to nowhere (HTTP status 304)'],
])('an engine that answers %d with %s is not followed, and the message says so', async (status, location, says) => {
  const headers: Record<string, string> = location === null ? {} : { location };
  const server = await scriptedServer(() => ({ status, headers }));
  const host = `tcp://${server.host}`;
  const { images } = createEngine({ host, tls: null, credentials: null, clock: manualClock(), log: keptLog() });
  const error = await failureOf(images.find('a:1'));
  expect(error).toMatchObject({ code: 'engine-error' });
  expect(error?.message).toContain(says);
  expect(server.requests).toHaveLength(1);
  await server.close();
});
