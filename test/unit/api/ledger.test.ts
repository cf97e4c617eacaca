import { asReader, openTestApp, sha, type TestApp } from '../../support/app.js';
import { delivery, plan, toSkip } from '../../contracts/store-samples.js';

let server: TestApp;
beforeAll(async () => {
  server = await openTestApp();
});
beforeEach(() => server.renew());
afterAll(() => server.close());

const list = async (query = '') => server.app.inject({ url: `/api/v1/ledger${query}`, headers: asReader });

async function happen(): Promise<void> {
  const { deliveries, decisions } = server.store;
  await deliveries.accept(delivery('d-1', { repository: 'abc/other', receivedAt: 1_000, status: 'planned' }), null);
  const trigger = { kind: 'push', deliveryId: 'd-1', by: 'ada' } as const;
  await decisions.record(plan([{ ...toSkip(), trigger }]), 2_000);
  const alone = { kind: 'sweep', deliveryId: null, by: null } as const;
  const swept = toSkip({ service: 'java-service-1', head: sha('a') }, 'build-1');
  await decisions.record(plan([{ ...swept, trigger: alone }]), 3_000);
}

test('the ledger has deliveries and the decisions that none led to', async () => {
  await happen();
  const { entries, nextCursor } = (await list()).json();
  expect(nextCursor).toBeNull();
  expect(entries).toEqual([
    {
      ...{ at: '1970-01-01T00:00:03.000Z', by: null, builds: 0, waits: 0, skips: 1, delivery: null },
      decision: expect.objectContaining({
        service: 'java-service-1',
        coveredBy: 'build-1',
        trigger: { kind: 'sweep', deliveryId: null, by: null },
      }),
    },
    {
      ...{ at: '1970-01-01T00:00:01.000Z', by: 'ada', builds: 0, waits: 0, skips: 1, decision: null },
      delivery: expect.objectContaining({ id: 'd-1', repository: 'abc/other', status: 'planned' }),
    },
  ]);
  expect(entries[1].delivery.decisions).toBeUndefined();
});

test('a repository has its deliveries, and the decisions of its services', async () => {
  await happen();
  const has = async (query: string) =>
    (await list(query))
      .json()
      .entries.map((entry: { delivery: { id: string } | null; decision: { service: string } }) =>
        entry.delivery === null ? entry.decision.service : entry.delivery.id,
      );
  expect(await has('?repository=ABC/java-service-1')).toEqual(['java-service-1']);
  expect(await has('?repository=abc/other')).toEqual(['d-1']);
  expect(await has('?result=built')).toEqual([]);
  expect(await has('?limit=1')).toEqual(['java-service-1']);
  const { nextCursor } = (await list('?limit=1')).json();
  expect(await has(`?limit=1&cursor=${nextCursor}`)).toEqual(['d-1']);
  expect((await list('?cursor=MTA')).statusCode).toBe(400);
  expect((await list('?result=lost')).statusCode).toBe(400);
});
