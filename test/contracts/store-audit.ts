import { storeForEachTest, type OpenStore } from './store-harness.js';
import { auditEntry } from './store-samples.js';

export function auditContract(open: OpenStore): void {
  const under = storeForEachTest(open);
  const page = async (query: object) =>
    (await under.store.audit.page({ limit: 10, cursor: null, ...query })).items.map(({ status }) => status);

  test('entries read back as they were added, also after a restart', async () => {
    const entry = auditEntry();
    await under.store.audit.add(entry);
    const again = await under.reopen();
    expect((await again.audit.page({ limit: 10, cursor: null })).items).toEqual([entry]);
  });

  test('pages are the newest first, by name and time', async () => {
    for (const [by, at] of [
      ['jenkins', 10],
      ['operator', 20],
      // The clock was set back.
      ['jenkins', 5],
      ['jenkins', 30],
    ] as const)
      await under.store.audit.add(auditEntry({ by, at, status: at }));
    expect(await page({})).toEqual([30, 5, 20, 10]);
    expect(await page({ by: 'jenkins' })).toEqual([30, 5, 10]);
    expect(await page({ since: 10 })).toEqual([30, 20, 10]);
    expect(await page({ since: 20, by: 'jenkins' })).toEqual([30]);
    expect(await page({ since: 31 })).toEqual([]);
    const { nextCursor } = await under.store.audit.page({ limit: 3, cursor: null });
    expect(await page({ cursor: nextCursor })).toEqual([10]);
  });

  test('old entries go', async () => {
    for (let at = 1; at <= 5; at += 1) await under.store.audit.add(auditEntry({ at }));
    expect(await under.store.housekeeping.forgetAudit(4)).toBe(3);
    expect((await under.store.audit.page({ limit: 10, cursor: null })).items.map(({ at }) => at)).toEqual([5, 4]);
  });
}
