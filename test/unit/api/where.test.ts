import { SlipwayError } from '../../../src/errors.js';
import type { WhereCall } from '../../../src/operations/contract.js';
import { asReader, openTestApp, type TestApp } from '../../support/app.js';

const calls: WhereCall[] = [];
let fails: SlipwayError | null = null;
let server: TestApp;
beforeAll(async () => {
  server = await openTestApp({
    async whereRuns(call) {
      calls.push(call);
      if (fails !== null) throw fails;
      const reason = { code: 'running', message: 'It runs on a.' } as const;
      return [{ environment: 'production', runs: 'yes', hosts: ['a'], since: 0, release: 3, reason }];
    },
  });
});
afterAll(() => server.close());

const get = (query: string, service = 'java-service-1') =>
  server.app.inject({ url: `/api/v1/services/${service}/where${query}`, headers: asReader });

test('each environment is answered with what runs and why', async () => {
  const answer = await get('?commit=abcdef1');
  expect([answer.statusCode, answer.json()]).toEqual([
    200,
    {
      environments: [
        {
          ...{ environment: 'production', runs: 'yes', hosts: ['a'], since: '1970-01-01T00:00:00.000Z', release: 3 },
          reason: { code: 'running', message: 'It runs on a.' },
        },
      ],
    },
  ]);
  await get('?version=1.0.0-r2');
  expect(calls).toMatchObject([
    { service: { name: 'java-service-1' }, commit: 'abcdef1', version: null },
    { commit: null, version: '1.0.0-r2' },
  ]);
});

test('what is not known is 404', async () => {
  expect((await get('?commit=abcdef1', 'java-servce-1')).json()).toMatchObject({ code: 'unknown-service' });
  fails = new SlipwayError('unknown-commit', 'There is none.');
  const answer = await get('?commit=abcdef1');
  expect([answer.statusCode, answer.json()]).toMatchObject([404, { code: 'unknown-commit' }]);
  expect((await get('?commit=main')).statusCode).toBe(400);
});
