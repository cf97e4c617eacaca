import type { Attempt } from '../model/build.js';
import type { StepMark } from './contract.js';
import type { OpenedDatabase } from './dialect.js';
import { groupCommit } from './group-commit.js';
import { runningStatus } from './in-flight.js';
import { nextChunk } from './log-chunk.js';
import type { InTransaction } from './schema.js';
import { markSteps } from './steps.js';

/** Stores the log text and steps of running builds. Calls that arrive together share one transaction. False if the attempt is lost. */
export interface Accounts {
  append(attempt: Attempt, text: string): Promise<boolean>;
  mark(attempt: Attempt, marks: readonly StepMark[]): Promise<boolean>;
}

interface Entry {
  readonly attempt: Attempt;
  readonly text: string;
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
    append: (attempt, text) => submit({ attempt, text, marks: [] }),
    mark: (attempt, marks) => submit({ attempt, text: '', marks }),
  };
}

/** What a lost attempt still says is left out, and the rest of the group is stored. */
async function storeGroup(trx: InTransaction, group: readonly Entry[], limit: number): Promise<readonly boolean[]> {
  const claims = await claimsOf(trx, group);
  const isRunning = ({ attempt: { id, claim } }: Entry): boolean => claims.get(id) === claim;
  const running = group.filter(isRunning);
  for (const { attempt, marks } of running) await markSteps(trx, attempt.id, marks);
  for (const [buildId, text] of joined(running)) await appendChunk(trx, buildId, text, limit);
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

function joined(group: readonly Entry[]): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const { attempt, text } of group) {
    if (text !== '') texts.set(attempt.id, (texts.get(attempt.id) ?? '') + text);
  }
  return texts;
}

async function appendChunk(trx: InTransaction, buildId: string, text: string, limit: number): Promise<void> {
  const last = await trx
    .selectFrom('log_chunks')
    .select(['number', 'bytes', 'is_full'])
    .where('build_id', '=', buildId)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  const chunk = nextChunk(last, text, limit);
  if (chunk === null) return;
  if (last === undefined) await trx.updateTable('builds').set({ has_log: 1 }).where('id', '=', buildId).execute();
  await trx
    .insertInto('log_chunks')
    .values({ build_id: buildId, ...chunk })
    .execute();
}
