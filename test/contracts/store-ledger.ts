import type { LedgerEntry, LedgerQuery } from '../../src/store/contract.js';
import { storeForEachTest, type OpenStore } from './store-harness.js';
import { delivery, head, look, newBuild, plan, toBuild, toSkip } from './store-samples.js';

export function ledgerContract(open: OpenStore): void {
  const under = storeForEachTest(open);
  const alone = { kind: 'sweep', deliveryId: null, by: null } as const;
  const page = (query: Partial<LedgerQuery> = {}) => under.store.ledger.page({ limit: 50, cursor: null, ...query });
  const names = async (query: Partial<LedgerQuery> = {}) => (await page(query)).items.map(nameOf);
  const nameOf = ({ delivery: of, decision }: LedgerEntry) => of?.id ?? `${decision?.service} at ${decision?.at}`;
  const accept = (id: string, receivedAt: number, over = {}) =>
    under.store.deliveries.accept(delivery(id, { receivedAt, status: 'planned', ...over }), null);
  const decide = (decisions: Parameters<typeof plan>[0], at: number) =>
    under.store.decisions.record(plan(decisions), at);
  const swept = (service: string) => ({ ...toSkip({ service, head: head('e') }), trigger: alone });
  const waiting = (service: string) => {
    const skip = toSkip({ service, head: head('f') });
    const reason = { ...skip.decision.reason, code: 'waiting-for-artifact' } as const;
    return { ...skip, decision: { ...skip.decision, reason }, trigger: alone };
  };
  const pushed = (deliveryId: string) => ({ kind: 'push', deliveryId, by: 'ada' }) as const;

  test('has deliveries with what came of them, and decisions that none led to, newest first', async () => {
    await accept('d1', 10);
    await decide(
      [
        { ...toBuild(newBuild({ service: 'app' })), trigger: pushed('d1') },
        { ...toSkip({ service: 'other' }), trigger: pushed('d1') },
        { ...toSkip({ service: 'third' }), trigger: pushed('d1') },
        { ...waiting('java'), trigger: pushed('d1') },
      ],
      11,
    );
    await decide([swept('swept')], 20);
    await accept('d2', 30, { status: 'ignored', reason: 'why' });
    const { items, nextCursor } = await page();
    expect(nextCursor).toBeNull();
    expect(items).toEqual([
      expect.objectContaining({ at: 30, by: null, builds: 0, waits: 0, skips: 0, decision: null }),
      expect.objectContaining({ at: 20, by: null, builds: 0, waits: 0, skips: 1, delivery: null }),
      expect.objectContaining({ at: 10, by: 'ada', builds: 1, waits: 1, skips: 2, decision: null }),
    ]);
    expect(items.map(nameOf)).toEqual(['d2', 'swept at 20', 'd1']);
  });

  test('a delivery that joined another has what came of that', async () => {
    const pending = { receivedAt: 1, status: 'accepted' } as const;
    await under.store.deliveries.accept(delivery('d1', pending), look({ trigger: pushed('d1'), services: null }));
    await under.store.deliveries.accept(delivery('d2', pending), look({ trigger: pushed('d2'), services: null }));
    await decide([{ ...toSkip(), trigger: pushed('d1') }], 2);
    expect((await page()).items.map(({ skips, by }) => [skips, by])).toEqual([
      [1, 'ada'],
      [1, 'ada'],
    ]);
  });

  test('its pages neither repeat nor leave out an entry', async () => {
    for (let at = 1; at <= 9; at += 1) {
      if (at % 3 === 0) await decide([swept(`s${at}`)], at);
      else await accept(`d${at}`, at);
    }
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const { items, nextCursor } = await page({ limit: 2, cursor });
      seen.push(...items.map(nameOf));
      cursor = nextCursor;
      // Newer ones do not move the place.
      await accept(`late-${seen.length}`, 100);
    } while (cursor !== null);
    expect(seen).toEqual(['s9 at 9', 'd8', 'd7', 's6 at 6', 'd5', 'd4', 's3 at 3', 'd2', 'd1']);
  });

  test('is filtered by repository, commit and result', async () => {
    await accept('built', 1, { repository: 'abc/App', after: head('a') });
    await decide([{ ...toBuild(newBuild()), trigger: pushed('built') }], 2);
    await accept('nothing', 3, { after: head('b') });
    await decide([{ ...toSkip(), trigger: pushed('nothing') }], 4);
    await accept('failed', 5, { status: 'failed' });
    await accept('ignored', 6, { status: 'ignored' });
    await accept('waiting', 7, { status: 'accepted' });
    await decide([swept('one'), swept('two')], 8);
    await decide([{ ...toBuild(newBuild({ service: 'three' })), trigger: alone }], 9);
    expect(await names({ repository: 'ABC/app', services: ['two'], result: 'nothing' })).toEqual([
      'two at 8',
      'nothing',
    ]);
    expect(await names({ repository: 'abc/none', services: [] })).toEqual([]);
    expect(await names({ commit: head('e').slice(0, 7) })).toEqual(['two at 8', 'one at 8']);
    expect(await names({ commit: head('b') })).toEqual(['nothing']);
    expect(await names({ result: 'built' })).toEqual(['three at 9', 'built']);
    expect(await names({ result: 'nothing' })).toEqual(['two at 8', 'one at 8', 'nothing']);
    for (const result of ['failed', 'ignored', 'waiting'] as const) expect(await names({ result })).toEqual([result]);
  });

  test('what waits has not been looked at yet, or waits for an artifact', async () => {
    await accept('artifact', 1);
    await decide([{ ...waiting('java'), trigger: pushed('artifact') }], 2);
    await accept('waiting', 3, { status: 'accepted' });
    await accept('nothing', 4);
    await decide([{ ...toSkip(), trigger: pushed('nothing') }], 5);
    await decide([swept('one'), waiting('two')], 6);
    expect(await names({ result: 'waiting' })).toEqual(['two at 6', 'waiting', 'artifact']);
    expect(await names({ result: 'waiting', limit: 2 })).toEqual(['two at 6', 'waiting']);
    expect(await names({ result: 'nothing' })).toEqual(['one at 6', 'nothing']);
  });

  test.each(['', 'x', 'MTA', 'MSAyIDM'])('the cursor %j is refused', async (cursor) => {
    await expect(page({ cursor })).rejects.toMatchObject({ code: 'invalid-request' });
  });
}
