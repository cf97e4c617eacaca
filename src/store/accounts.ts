import type { StepMark } from './contract.js';
import type { OpenedDatabase } from './dialect.js';
import { groupCommit } from './group-commit.js';
import type { InTransaction } from './schema.js';
import { markSteps } from './steps.js';

/** Stores the log text and steps of running builds. Calls that arrive together share one transaction. */
export interface Accounts {
  /** False if there is no such build. */
  append(buildId: string, text: string): Promise<boolean>;
  mark(buildId: string, marks: readonly StepMark[]): Promise<void>;
}

interface Entry {
  readonly buildId: string;
  readonly text: string;
  readonly marks: readonly StepMark[];
}

const MAX_GROUP_ENTRIES = 1000;

/** `limit` returns the maximum UTF-8 bytes of one build's log. */
export function createAccounts({ withoutWaiting }: OpenedDatabase, limit: () => number): Accounts {
  const submit = groupCommit(
    (group: readonly Entry[]) =>
      withoutWaiting(async (trx) => {
        for (const { buildId, marks } of group) await markSteps(trx, buildId, marks);
        const known = new Map<string, boolean>();
        for (const [buildId, text] of joined(group)) known.set(buildId, await appendChunk(trx, buildId, text, limit()));
        return group.map(({ buildId }) => known.get(buildId) === true);
      }),
    MAX_GROUP_ENTRIES,
  );
  return {
    append: (buildId, text) => submit({ buildId, text, marks: [] }),
    async mark(buildId, marks) {
      await submit({ buildId, text: '', marks });
    },
  };
}

function joined(group: readonly Entry[]): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const { buildId, text } of group) if (text !== '') texts.set(buildId, (texts.get(buildId) ?? '') + text);
  return texts;
}

/** False if there is no such build. The rest of the group is unaffected. */
async function appendChunk(trx: InTransaction, buildId: string, text: string, limit: number): Promise<boolean> {
  const last = await trx
    .selectFrom('log_chunks')
    .select(['number', 'bytes', 'is_full'])
    .where('build_id', '=', buildId)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (last?.is_full) return true;
  if (last === undefined && !(await beginLog(trx, buildId))) return false;
  const before = last?.bytes ?? 0;
  const size = Buffer.byteLength(text);
  const fits = before + size <= limit;
  const kept = fits ? text : beginning(text, limit - before) + droppedLine(limit);
  await trx
    .insertInto('log_chunks')
    .values({
      build_id: buildId,
      number: (last?.number ?? -1) + 1,
      text: kept,
      bytes: fits ? before + size : limit,
      is_full: fits ? 0 : 1,
    })
    .execute();
  return true;
}

/** Marks the build as having a log. False if there is no such build. */
async function beginLog(trx: InTransaction, buildId: string): Promise<boolean> {
  const row = await trx
    .updateTable('builds')
    .set({ has_log: 1 })
    .where('id', '=', buildId)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** The longest beginning of the text within the limit, without half characters, ending with a line feed. */
function beginning(text: string, bytes: number): string {
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(Math.min(bytes, 3 * text.length)));
  const kept = text.slice(0, read);
  return kept === '' || kept.endsWith('\n') ? kept : `${kept}\n`;
}

function droppedLine(limit: number): string {
  return `The log has reached its limit of ${limit} bytes (limits.log); the rest was dropped.\n`;
}
