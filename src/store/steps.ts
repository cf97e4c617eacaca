import type { Step, StepKind } from '../model/build.js';
import type { StepMark } from './contract.js';
import type { InTransaction, StepRow } from './schema.js';

/** For a build that runs: a late step would stay open forever. */
export async function markSteps(trx: InTransaction, id: string, marks: readonly StepMark[]): Promise<void> {
  for (const mark of marks) {
    if ('startedAt' in mark) await openStep(trx, id, mark);
    else await closeStep(trx, id, mark);
  }
}

type Opening = Extract<StepMark, { readonly startedAt: number }>;
type Closing = Extract<StepMark, { readonly finishedAt: number }>;

async function openStep(trx: InTransaction, id: string, mark: Opening): Promise<void> {
  const { name, startedAt, kind = 'slipway', reused = false, dockerfile = null } = mark;
  await trx
    .insertInto('steps')
    .values({
      ...{ build_id: id, name, kind, started_at: startedAt, finished_at: null, reused: reused ? 1 : 0 },
      dockerfile: dockerfile && JSON.stringify(dockerfile),
    })
    .execute();
}

/** Closes the newest open step of that name: one step may run twice in a build. */
async function closeStep(trx: InTransaction, id: string, { name, finishedAt, cached }: Closing): Promise<void> {
  const open = await trx
    .selectFrom('steps')
    .select('seq')
    .where('build_id', '=', id)
    .where('name', '=', name)
    .where('finished_at', 'is', null)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (open === undefined) return;
  await trx
    .updateTable('steps')
    .set({ finished_at: finishedAt, cached: cached === true ? 1 : 0 })
    .where('seq', '=', open.seq)
    .execute();
}

/** Notes with which line of the log a step begins. `index`: among the steps of the build. */
export async function noteFirstLine(trx: InTransaction, id: string, index: number, line: number): Promise<void> {
  await trx
    .updateTable('steps')
    .set({ line })
    .where('seq', '=', (eb) =>
      eb.selectFrom('steps').select('seq').where('build_id', '=', id).orderBy('seq').limit(1).offset(index),
    )
    .execute();
}

/** A step that will not be listed any more wrote these chunks. */
export async function forgetSteps(trx: InTransaction, id: string): Promise<void> {
  await trx.deleteFrom('steps').where('build_id', '=', id).execute();
  await trx
    .updateTable('log_chunks')
    .set({ step: null })
    .where('build_id', '=', id)
    .where('step', 'is not', null)
    .execute();
}

export function stepOf(row: StepRow): Step {
  return {
    name: row.name,
    kind: (row.kind as StepKind | null) ?? kindByName(row.name),
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    cached: row.cached === 1,
    reused: row.reused === 1,
    line: row.line,
    dockerfile: row.dockerfile === null ? null : (JSON.parse(row.dockerfile) as Step['dockerfile']),
  };
}

const ownSteps: ReadonlySet<string> = new Set(['fetch', 'prepare', 'build', 'publish']);

/** The kind of a step that was stored before kinds were. */
function kindByName(name: string): StepKind {
  if (ownSteps.has(name)) return 'slipway';
  return name.startsWith('[') ? 'dockerfile' : 'engine';
}
