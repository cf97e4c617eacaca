import type { UpdateObject } from 'kysely';
import type { Clock } from '../clock.js';
import type { Attempt } from '../model/build.js';
import type { Accounts } from './accounts.js';
import { withSteps } from './builds.js';
import { claimOldest } from './claim.js';
import type { BuildEnd, BuildProgress, Queue } from './contract.js';
import type { OpenedDatabase } from './dialect.js';
import { keepDockerfile } from './dockerfiles.js';
import { endAttempt } from './end-build.js';
import { addImage } from './images.js';
import { runningStatus } from './in-flight.js';
import { returnToQueue } from './put-back.js';
import { releaseBuild } from './make-release.js';
import { flag, inputsColumns, lookColumns } from './rows.js';
import type { Database, Schema } from './schema.js';
import { noteEnd } from './set-asides.js';

export function createQueue(
  { db, withoutWaiting }: OpenedDatabase,
  clock: Pick<Clock, 'now'>,
  accounts: Pick<Accounts, 'mark'>,
): Queue {
  return {
    async claim(worker, which) {
      const claimed = await withoutWaiting((trx) => claimOldest(trx, worker, clock.now(), which));
      return withSteps(db, claimed);
    },
    owned: (attempt) => leaseLeft(db, attempt, clock.now()),
    async progress({ id, claim }, progress) {
      const learned = progressColumns(progress);
      return withoutWaiting(async (trx) => {
        const { numUpdatedRows } = await trx
          .updateTable('builds')
          .set({ ...learned, claim })
          .where('id', '=', id)
          .where('status', '=', runningStatus)
          .where('claim', '=', claim)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) return false;
        if (progress.dockerfileText) await keepDockerfile(trx, progress.dockerfileText);
        return true;
      });
    },
    steps: (attempt, marks) => accounts.mark(attempt, marks),
    finish: (attempt, end, now, looks) =>
      db.transaction().execute(async (trx) => {
        const ended = await endAttempt(trx, attempt, endColumns(end), now);
        if (ended === null) return false;
        const { id } = attempt;
        await noteEnd(trx, id, end, now);
        if (end.status === 'succeeded' && end.fingerprint !== null) {
          const { image, fingerprint } = end;
          const { repository, digest } = image;
          await addImage(trx, { service: ended.service, repository, digest, fingerprint, buildId: id, builtAt: now });
        }
        if (end.status === 'succeeded') await releaseBuild(trx, { ...ended, ...end, buildId: id }, now);
        if (looks.length > 0) await trx.insertInto('looks').values(looks.map(lookColumns)).execute();
        return true;
      }),
    putBack: ({ id, claim }, notBefore, countsAsAttempt) =>
      db.transaction().execute(async (trx) => {
        const row = await trx
          .selectFrom('builds')
          .selectAll()
          .where('id', '=', id)
          .where('status', '=', runningStatus)
          .where('claim', '=', claim)
          .executeTakeFirst();
        if (row === undefined) return false;
        return returnToQueue(trx, row, { now: clock.now(), notBefore, countsAsAttempt });
      }),
  };
}

/** Milliseconds that are left of the lease under which the attempt runs; 0 if it runs no more. */
async function leaseLeft(db: Database, { id, claim }: Attempt, now: number): Promise<number> {
  const row = await db
    .selectFrom('builds')
    .innerJoin('workers', 'workers.id', 'builds.worker')
    .select('workers.lease_until')
    .where('builds.id', '=', id)
    .where('builds.status', '=', runningStatus)
    .where('builds.claim', '=', claim)
    .executeTakeFirst();
  return Math.max(0, (row?.lease_until ?? 0) - now);
}

type BuildColumns = UpdateObject<Schema, 'builds'>;

function progressColumns(progress: BuildProgress): BuildColumns {
  const { dockerfile, dockerfileText, inputs, wasHead, fingerprint, engineImage, official, warnings, waitedOut } =
    progress;
  return {
    ...(dockerfile !== undefined && { dockerfile: JSON.stringify(dockerfile) }),
    ...(dockerfileText !== undefined && { dockerfile_digest: dockerfileText.digest }),
    ...(inputs !== undefined && inputsColumns(inputs)),
    ...(wasHead !== undefined && { was_head: flag(wasHead) }),
    ...(fingerprint !== undefined && { fingerprint }),
    ...(engineImage !== undefined && { engine_image: engineImage }),
    ...(official !== undefined && { official: JSON.stringify(official) }),
    ...(waitedOut !== undefined && { waiting: JSON.stringify(waitedOut) }),
    ...(warnings !== undefined && { warnings: JSON.stringify(warnings) }),
  };
}

function endColumns(end: BuildEnd): BuildColumns & Pick<BuildEnd, 'status'> {
  if (end.status === 'failed') return { status: end.status, error: JSON.stringify(end.error) };
  if (end.status !== 'succeeded') return { status: end.status };
  return {
    status: end.status,
    outcome: end.outcome,
    image_repository: end.image.repository,
    image_digest: end.image.digest,
    image_tags: JSON.stringify(end.image.tags),
    reused_from: end.reusedFrom,
  };
}
