import type { StepMark } from './contract.js';
import type { InTransaction } from './schema.js';

/** For a build that runs: a late step would stay open forever. */
export async function markSteps(trx: InTransaction, id: string, marks: readonly StepMark[]): Promise<void> {
  for (const mark of marks) {
    if ('startedAt' in mark) await openStep(trx, id, mark.name, mark.startedAt);
    else await closeStep(trx, id, mark.name, mark.finishedAt);
  }
}

async function openStep(trx: InTransaction, id: string, name: string, startedAt: number): Promise<void> {
  await trx.insertInto('steps').values({ build_id: id, name, started_at: startedAt, finished_at: null }).execute();
}

/** Closes the newest open step of that name: one step may run twice in a build. */
async function closeStep(trx: InTransaction, id: string, name: string, finishedAt: number): Promise<void> {
  const open = await trx
    .selectFrom('steps')
    .select('seq')
    .where('build_id', '=', id)
    .where('name', '=', name)
    .where('finished_at', 'is', null)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (open) await trx.updateTable('steps').set({ finished_at: finishedAt }).where('seq', '=', open.seq).execute();
}
