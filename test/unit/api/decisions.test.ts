import { asReader, openTestApp, type TestApp } from '../../support/app.js';
import { head, plan, toSkip } from '../../contracts/store-samples.js';

let server: TestApp;
beforeAll(async () => {
  server = await openTestApp();
});
beforeEach(() => server.renew());
afterAll(() => server.close());

interface Listed {
  readonly decisions: readonly {
    service: string;
    branch: string;
    head: string;
    at: string;
    coveredBy: string | null;
  }[];
  readonly nextCursor: string | null;
}
const list = async (query = ''): Promise<Listed> =>
  (await server.app.inject({ url: `/api/v1/decisions${query}`, headers: asReader })).json<Listed>();

test('decisions are listed with when they were made, what led to them, and what covers the commit', async () => {
  await server.store.decisions.record(plan([toSkip({ head: head('a') }, 'build-1')]), 1_000);
  const { decisions, nextCursor } = await list();
  expect(decisions).toEqual([
    expect.objectContaining({
      ...{ service: 'app', branch: 'main', decision: 'skip', head: head('a'), buildId: null },
      ...{ at: '1970-01-01T00:00:01.000Z', coveredBy: 'build-1' },
      trigger: { kind: 'push', deliveryId: 'delivery-1', by: 'octocat' },
    }),
  ]);
  expect(nextCursor).toBeNull();
  expect(JSON.stringify(decisions)).not.toContain('inputsKey');
});

test('they are filtered by service, branch and the beginning of a commit', async () => {
  const rows = [toSkip({ head: head('a') }), toSkip({ service: 'other' }), toSkip({ branch: 'refs/tags/v1' })];
  await server.store.decisions.record(plan(rows), 1);
  const names = async (query: string) =>
    (await list(query)).decisions.map(({ service, branch }) => `${service} ${branch}`);
  expect(await names('?service=other')).toEqual(['other main']);
  expect(await names('?branch=refs/tags/v1')).toEqual(['app refs/tags/v1']);
  expect(await names(`?commit=${head('a').slice(0, 8)}`)).toEqual(['app main']);
  const { statusCode } = await server.app.inject({ url: '/api/v1/decisions?commit=xyz', headers: asReader });
  expect(statusCode).toBe(400);
});
