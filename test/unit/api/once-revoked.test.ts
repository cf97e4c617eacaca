/** What stays open ends with the right to read it. */
import type { AccessToken } from '../../../src/access.js';
import { asReader, begin, openTestApp, queueBuild, service, tokens, type TestApp } from '../../support/app.js';
import { accessToken, logIn } from '../../support/browser-session.js';
import { manualClock } from '../../support/manual-clock.js';
import { deploySettings, environmentOf, hostSettings } from '../../support/own-containers.js';

const reader = accessToken('reader', tokens.read, ['read']);
const builder = accessToken('builder', tokens.build, ['build']);
const services = new Map([['java-service-1', service({ deploy: deploySettings() })]]);
const environments = new Map([['production', environmentOf([hostSettings('a')])]]);
let known: readonly AccessToken[];
let isOpen: boolean;
let server: TestApp;

beforeAll(async () => {
  server = await openTestApp({
    ...{ services: () => services, environments: () => environments, clock: manualClock(Date.UTC(2026, 0, 2)) },
    ...{ tokens: () => known, anonymousRead: () => isOpen },
    serviceLogs: {
      open: async (_call, signal) =>
        (async function* () {
          yield 'a | one\n';
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
        })(),
    },
  });
});
beforeEach(async () => {
  [known, isOpen] = [[reader, builder], false];
  await server.renew();
});
afterAll(() => server.close());

/** A call that stays open; `isOver` says whether it has ended. */
async function open(url: string, headers: Record<string, string>) {
  const answer = await server.app.inject({ url, headers, payloadAsStream: true });
  expect(answer.statusCode).toBe(200);
  const stream = answer.stream();
  stream.on('error', () => undefined).resume();
  const closed = new Promise((resolve) => stream.once('close', resolve));
  let isOver = false;
  void closed.then(() => (isOver = true));
  return { closed, isOver: () => isOver };
}

async function followedUrls(): Promise<readonly string[]> {
  const { id } = await queueBuild(server.store);
  await server.store.logs.append(await begin(server.store), 'first words\n');
  const logs = '/api/v1/environments/production/services/java-service-1/logs?follow=true';
  return ['/api/v1/events', `/api/v1/builds/${id}/log?follow=true`, logs];
}

const reload = () => server.events.publish({ type: 'configuration' });

test.each([
  ['was removed', [builder]],
  ['has another text', [accessToken('reader', 'another text', ['read']), builder]],
  ['may no longer read', [accessToken('reader', tokens.read, []), builder]],
])('streams and followed logs end when their token %s; those of others go on', async (_what, after) => {
  const urls = await followedUrls();
  const others = await open('/api/v1/events', { authorization: `Bearer ${tokens.build}` });
  const followed = await Promise.all(urls.map((url) => open(url, asReader)));
  reload();
  await new Promise((resolve) => setImmediate(resolve));
  expect(followed.map(({ isOver }) => isOver())).toEqual([false, false, false]);
  known = after;
  reload();
  await Promise.all(followed.map(({ closed }) => closed));
  expect([others.isOver(), server.app.held.count()]).toEqual([false, 1]);
  known = [];
  reload();
  await others.closed;
});

test('those of a browser end with the token that it logged in with', async () => {
  const { cookie } = await logIn(server, tokens.build);
  const stream = await open('/api/v1/events', { cookie });
  known = [accessToken('builder', 'another text', ['build'])];
  reload();
  await stream.closed;
});

test('those without a token end when anonymous reading is switched off', async () => {
  isOpen = true;
  const stream = await open('/api/v1/events', {});
  reload();
  isOpen = false;
  reload();
  await stream.closed;
});
