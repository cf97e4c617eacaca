import type { Attempt } from '../model/build.js';
import type { LogMark, StepMark } from './contract.js';
import type { OpenedDatabase } from './dialect.js';
import { groupCommit } from './group-commit.js';
import { runningStatus } from './in-flight.js';
import { joinPieces, lastColumns, nextChunks, unmarked, type LogPiece } from './log-chunk.js';
import { pieces } from './pieces.js';
import type { InTransaction } from './schema.js';
import { markSteps, noteFirstLine } from './steps.js';

/** Stores the log text and steps of running builds. Calls that arrive together share one transaction. False if the attempt is lost. */
export interface Accounts {
  append(attempt: Attempt, text: string, mark?: LogMark): Promise<boolean>;
  mark(attempt: Attempt, marks: readonly StepMark[]): Promise<boolean>;
}

interface Entry {
  readonly attempt: Attempt;
  readonly piece: LogPiece | null;
  readonly marks: readonly StepMark[];
}

const MAX_GROUP_ENTRIES = 1000;

/** `limit` returns the maximum UTF-8 bytes of one build's log. */
export function createAccounts({ withoutWaiting }: OpenedDatabase, limit: () => number): Accounts {
  const submit = groupCommit(
    (group: readonly Entry[]) => withoutWaiting((trx) => storeGroup(trx, group, limit())),
    MAX_GROUP_ENTRIES,
  );
  return {
    append: (attempt, text, mark = unmarked) => submit({ attempt, piece: { text, mark }, marks: [] }),
    mark: (attempt, marks) => submit({ attempt, piece: null, marks }),
  };
}

/** What a lost attempt still says is left out, and the rest of the group is stored. */
async function storeGroup(trx: InTransaction, group: readonly Entry[], limit: number): Promise<readonly boolean[]> {
  const claims = await claimsOf(trx, group);
  const isRunning = ({ attempt: { id, claim } }: Entry): boolean => claims.get(id) === claim;
  const running = group.filter(isRunning);
  for (const { attempt, marks } of running) await markSteps(trx, attempt.id, marks);
  for (const [buildId, said] of byBuild(running)) await appendChunks(trx, buildId, said, limit);
  return group.map(isRunning);
}

/** The claims under which those builds of the group run that do. */
async function claimsOf(trx: InTransaction, group: readonly Entry[]): Promise<ReadonlyMap<string, number>> {
  const ids = new Set(group.map(({ attempt }) => attempt.id));
  const rows = await trx
    .selectFrom('builds')
    .select(['id', 'claim'])
    .where('id', 'in', [...ids])
    .where('status', '=', runningStatus)
    .execute();
  return new Map(rows.map(({ id, claim }) => [id, claim]));
}

function byBuild(group: readonly Entry[]): ReadonlyMap<string, readonly LogPiece[]> {
  const said = new Map<string, LogPiece[]>();
  for (const { attempt, piece } of group) {
    if (piece === null || piece.text === '') continue;
    const known = said.get(attempt.id);
    if (known) known.push(piece);
    else said.set(attempt.id, [piece]);
  }
  return said;
}

async function appendChunks(
  trx: InTransaction,
  buildId: string,
  said: readonly LogPiece[],
  limit: number,
): Promise<void> {
  const last = await trx
    .selectFrom('log_chunks')
    .select(lastColumns)
    .where('build_id', '=', buildId)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  const chunks = nextChunks(last, joinPieces(said), limit);
  if (chunks.length === 0) return;
  if (last === undefined) await trx.updateTable('builds').set({ has_log: 1 }).where('id', '=', buildId).execute();
  for (const some of pieces(chunks)) {
    const rows = some.map(({ columns }) => ({ build_id: buildId, ...columns }));
    await trx.insertInto('log_chunks').values(rows).execute();
  }
  for (const { mark, firstLine } of chunks) {
    if (mark.opens !== true || mark.step === null || firstLine === null) continue;
    await noteFirstLine(trx, buildId, mark.step, firstLine);
  }
}
