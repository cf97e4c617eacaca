import { createEvents } from '../../../src/events.js';
import { SlipwayError } from '../../../src/errors.js';
import type { ServiceLogCall } from '../../../src/operations/contract.js';
import { createObservations } from '../../../src/pipeline/observe/observations.js';
import { until } from '../../support/api-client.js';
import { asReader, openTestApp, service, type TestApp } from '../../support/app.js';
import { manualClock } from '../../support/manual-clock.js';
import { ownContainer } from '../../support/observed.js';
import { deploySettings, environmentOf, hostSettings } from '../../support/own-containers.js';

const observations = createObservations(manualClock(), createEvents());
const environments = new Map([['production', environmentOf([hostSettings('a')])]]);
const services = new Map(
  [service({ deploy: deploySettings() }), service({ name: 'java-service-2' })].map((its) => [its.name, its]),
);
let calls: ServiceLogCall[];
let signals: AbortSignal[];
let fails: SlipwayError | null;
/** How many lines were asked for. */
let taken: number;
let endless: boolean;
let server: TestApp;

beforeAll(async () => {
  const serviceLogs = {
    open: async (call: ServiceLogCall, signal: AbortSignal) => {
      calls.push(call);
      signals.push(signal);
      if (fails !== null) throw fails;
      return (async function* () {
        yield 'a | one\n';
        yield 'a | two\n';
        while (endless && !signal.aborted) {
          taken += 1;
          yield `a | ${'x'.repeat(1000)}\n`;
          await new Promise((resolve) => setImmediate(resolve));
        }
      })();
    },
  };
  server = await openTestApp({
    environments: () => environments,
    services: () => services,
    anonymousRead: () => true,
    observations,
    serviceLogs,
  });
});
afterAll(() => server.close());
beforeEach(() => {
  [calls, signals, fails, taken, endless] = [[], [], null, 0, false];
});

const url = '/api/v1/environments/production/services/java-service-1/logs';
const get = (path: string, headers: Record<string, string> = asReader) => server.app.inject({ url: path, headers });

test('the lines are plain text, by default the last 100 of each host', async () => {
  const answer = await get(url);
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/plain; charset=utf-8']);
  expect(answer.body).toBe('a | one\na | two\n');
  expect(calls).toMatchObject([{ service: 'java-service-1', host: null, tail: 100, follow: false }]);
  await get(`${url}?host=a&tail=10000&follow=true`);
  expect(calls[1]).toMatchObject({ host: 'a', tail: 10_000, follow: true });
});

test.each([
  [url.replace('production', 'prodution'), 404, 'unknown-environment'],
  [`${url}?host=x`, 404, 'unknown-host'],
  [url.replace('java-service-1', 'java-servce-1'), 404, 'unknown-service'],
  [url.replace('java-service-1', 'java-service-2'), 422, 'service-not-in-environment'],
  [`${url}?tail=10001`, 400, 'invalid-request'],
  [`${url}?tail=-1`, 400, 'invalid-request'],
])('%s is answered with %d %s', async (path, status, code) => {
  const answer = await get(path);
  expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
});

test('a named host that is away is a problem', async () => {
  fails = new SlipwayError('host-unreachable', 'it is off');
  expect((await get(`${url}?host=a`)).statusCode).toBe(503);
});

test('what still runs of a service that has left the configuration can be read', async () => {
  observations.note('production', 'a', { seen: { own: [ownContainer({ service: 'gone' })], foreign: [] } });
  expect((await get(url.replace('java-service-1', 'gone'))).statusCode).toBe(200);
});

test('nobody without a token reads it, even if anonymous reading is allowed', async () => {
  expect((await get(url, {})).statusCode).toBe(401);
});

test('it ends when the caller leaves, and no more is read than the caller takes', async () => {
  endless = true;
  const address = await server.app.listen({ port: 0, host: '127.0.0.1' });
  const leaving = new AbortController();
  const answer = await fetch(`${address}${url}?follow=true`, { headers: asReader, signal: leaving.signal });
  let before = -1;
  await until('nothing more is read', async () => {
    const isStill = taken === before;
    before = taken;
    await new Promise((resolve) => setTimeout(resolve, 200));
    return isStill && taken > 0;
  });
  leaving.abort();
  await until('it has ended', async () => signals[0]?.aborted === true);
  await answer.body?.cancel().catch(() => undefined);
});

test('it ends when the server stops', async () => {
  endless = true;
  const answer = get(`${url}?follow=true`);
  await until('it has begun', async () => taken > 0);
  server.stopping.abort();
  expect((await answer).body).toContain('a | one\n');
});
