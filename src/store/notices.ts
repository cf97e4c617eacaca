import { sql } from 'kysely';
import type { WaitedOut } from '../model/waiting-for.js';
import type { Announcement, NewNotice, Notices, NoticeSubject, StoredNotice, WaitingNotices } from './contract.js';
import { pieces } from './pieces.js';
import type { Database, InTransaction } from './schema.js';

export function createNotices(db: Database): Notices {
  return {
    async announced(limit) {
      const rows = await db.selectFrom('announcements').selectAll().orderBy('seq').limit(limit).execute();
      return rows.map(({ seq, kind, subject }) => ({ seq, kind: kind as Announcement['kind'], id: subject }));
    },
    put: (notices, now, announcement) => db.transaction().execute((trx) => put(trx, notices, now, announcement)),
    ...createDelivering(db),
    ...createRemarks(db),
  };
}

async function put(
  trx: InTransaction,
  notices: readonly NewNotice[],
  now: number,
  announcement: Announcement | undefined,
): Promise<void> {
  for (const some of pieces(notices)) {
    await trx
      .insertInto('notices')
      .values(
        some.map(({ receiver, subject, item, body, dueAt }) => ({
          ...{ receiver, subject, item, body, due_at: dueAt },
          ...{ version: 1, attempt: 0, created_at: now, waiting: null },
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(['receiver', 'subject', 'item']).doUpdateSet(({ ref, eb }) => ({
          body: ref('excluded.body'),
          version: eb('notices.version', '+', 1),
          attempt: 0,
          waiting: null,
          due_at: sql<number>`case when notices.due_at < excluded.due_at then notices.due_at else excluded.due_at end`,
        })),
      )
      .execute();
  }
  if (announcement !== undefined) await trx.deleteFrom('announcements').where('seq', '=', announcement.seq).execute();
}

type Delivering = 'due' | 'nextDueAt' | 'of' | 'done' | 'postpone' | 'waiting';

function createDelivering(db: Database): Pick<Notices, Delivering> {
  const ofSubject = ({ receiver, subject }: NoticeSubject) =>
    db.selectFrom('notices').where('receiver', '=', receiver).where('subject', '=', subject);
  return {
    async due(now, limit, exceptReceivers) {
      const rows = await db
        .selectFrom('notices')
        .select(['receiver', 'subject'])
        .where('due_at', '<=', now)
        .$if(exceptReceivers.length > 0, (query) => query.where('receiver', 'not in', exceptReceivers))
        .orderBy('due_at')
        .orderBy('seq')
        .limit(limit)
        .execute();
      const once = new Map(rows.map((row) => [JSON.stringify([row.receiver, row.subject]), row]));
      return [...once.values()];
    },
    async nextDueAt(exceptReceivers) {
      const row = await db
        .selectFrom('notices')
        .select('due_at')
        .$if(exceptReceivers.length > 0, (query) => query.where('receiver', 'not in', exceptReceivers))
        .orderBy('due_at')
        .limit(1)
        .executeTakeFirst();
      return row?.due_at ?? null;
    },
    async of(subject) {
      const rows = await ofSubject(subject).selectAll().orderBy('seq').execute();
      return rows.map(({ due_at: dueAt, created_at: createdAt, waiting: _, ...row }) => ({ ...row, dueAt, createdAt }));
    },
    done: (notices) => db.transaction().execute((trx) => removeDone(trx, notices)),
    postpone: (notices, dueAt, waitedOut) =>
      db.transaction().execute((trx) => postponeAll(trx, notices, dueAt, waitedOut)),
    waiting: () => waitingNotices(db),
  };
}

async function waitingNotices(db: Database): Promise<readonly WaitingNotices[]> {
  const rows = await db
    .selectFrom('notices')
    .select(['receiver', 'due_at', 'waiting'])
    .where('waiting', 'is not', null)
    .orderBy('due_at')
    .execute();
  const receivers = [...new Set(rows.map(({ receiver }) => receiver))];
  return receivers.flatMap((receiver) => {
    const its = rows.filter((row) => row.receiver === receiver);
    const [first] = its;
    if (first === undefined || first.waiting === null) return [];
    const waitedOut = JSON.parse(first.waiting) as WaitedOut;
    return [{ receiver, count: its.length, waitedOut, until: first.due_at }];
  });
}

/** The rows by version, a part at a time: most have the first one. */
function byVersion(
  notices: readonly StoredNotice[],
): readonly { readonly version: number; readonly seqs: readonly number[] }[] {
  return [...new Set(notices.map(({ version }) => version))].flatMap((version) =>
    pieces(notices.filter((notice) => notice.version === version).map(({ seq }) => seq)).map((seqs) => ({
      version,
      seqs,
    })),
  );
}

async function removeDone(trx: InTransaction, notices: readonly StoredNotice[]): Promise<void> {
  for (const { version, seqs } of byVersion(notices))
    await trx.deleteFrom('notices').where('seq', 'in', seqs).where('version', '=', version).execute();
}

async function postponeAll(
  trx: InTransaction,
  notices: readonly StoredNotice[],
  dueAt: number,
  waitedOut: WaitedOut | undefined,
): Promise<void> {
  for (const { version, seqs } of byVersion(notices))
    await trx
      .updateTable('notices')
      .set((eb) => ({
        due_at: dueAt,
        ...(waitedOut === undefined ? {} : { attempt: eb('attempt', '+', 1), waiting: JSON.stringify(waitedOut) }),
      }))
      .where('seq', 'in', seqs)
      .where('version', '=', version)
      .execute();
}

function createRemarks(db: Database): Pick<Notices, 'remark' | 'remarks' | 'setRemark' | 'forgetRemarks'> {
  return {
    async remark(subject) {
      const row = await db.selectFrom('remarks').select('text').where('subject', '=', subject).executeTakeFirst();
      return row?.text ?? null;
    },
    async remarks(prefix) {
      const rows = await db
        .selectFrom('remarks')
        .select(['subject', 'text'])
        .where('subject', '>=', prefix)
        .where('subject', '<', `${prefix}\u{10ffff}`)
        .execute();
      return new Map(rows.map(({ subject, text }) => [subject, text]));
    },
    async setRemark(subject, text, now) {
      if (text === null) {
        await db.deleteFrom('remarks').where('subject', '=', subject).execute();
        return;
      }
      await db
        .insertInto('remarks')
        .values({ subject, text, at: now })
        .onConflict((conflict) => conflict.column('subject').doUpdateSet({ text, at: now }))
        .execute();
    },
    async forgetRemarks(before, keep) {
      await db
        .deleteFrom('remarks')
        .where('at', '<', before)
        .where((eb) => eb.or([eb('subject', '<', keep), eb('subject', '>=', `${keep}\u{10ffff}`)]))
        .execute();
    },
  };
}
