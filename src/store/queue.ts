import type { UpdateObject } from 'kysely';
import type { Clock } from '../clock.js';
import type { Accounts } from './accounts.js';
import { withSteps } from './builds.js';
import { claimOldest } from './claim.js';
import type { BuildEnd, BuildProgress, Queue } from './contract.js';
import { endBuild } from './end-build.js';
import { addImage } from './images.js';
import { runningStatus } from './in-flight.js';
import { returnToQueue } from './put-back.js';
import { flag, inputsColumns, lookColumns } from './rows.js';
import type { Database, Schema } from './schema.js';
import { noteEnd } from './set-asides.js';
import { withoutWaiting } from './sqlite.js';

export function createQueue(db: Database, clock: Pick<Clock, 'now'>, accounts: Pick<Accounts, 'mark'>): Queue {
  return {
    async claim(worker, now, leaseUntil, which) {
      const running = { status: 'running', worker, lease_until: leaseUntil, started_at: now } as const;
      const claimed = await withoutWaiting(db, (trx) => claimOldest(trx, running, now, which));
      return withSteps(db, claimed);
    },
    async heartbeat(worker, leaseUntil) {
      const rows = await db
        .updateTable('builds')
        .set({ lease_until: leaseUntil })
        .where('status', '=', runningStatus)
        .where('worker', '=', worker)
        .returning(['id', 'cancel_requested'])
        .execute();
      return rows.filter((row) => row.cancel_requested === 1).map(({ id }) => id);
    },
    async progress(id, progress) {
      const learned = progressColumns(progress);
      if (Object.keys(learned).length === 0) return;
      await withoutWaiting(db, (trx) =>
        trx.updateTable('builds').set(learned).where('id', '=', id).where('status', '=', runningStatus).execute(),
      );
    },
    steps: (id, marks) => accounts.mark(id, marks),
    finish: (id, end, now, looks) =>
      db.transaction().execute(async (trx) => {
        const ended = await endBuild(trx, id, endColumns(end), now);
        if (ended === null) return false;
        await noteEnd(trx, id, end, now);
        if (end.status === 'succeeded' && end.fingerprint !== null) {
          const { image, fingerprint } = end;
          const { repository, digest } = image;
          await addImage(trx, { service: ended.service, repository, digest, fingerprint, buildId: id, builtAt: now });
        }
        if (looks.length > 0) await trx.insertInto('looks').values(looks.map(lookColumns)).execute();
        return true;
      }),
    async putBack(id, notBefore, countsAsAttempt) {
      await db.transaction().execute(async (trx) => {
        const row = await trx
          .selectFrom('builds')
          .selectAll()
          .where('id', '=', id)
          .where('status', '=', runningStatus)
          .executeTakeFirst();
        if (row) await returnToQueue(trx, row, { now: clock.now(), notBefore, countsAsAttempt });
      });
    },
  };
}

type BuildColumns = UpdateObject<Schema, 'builds'>;

function progressColumns(progress: BuildProgress): BuildColumns {
  const { dockerfile, inputs, wasHead, fingerprint, engineImage, official, warnings, waitedOut } = progress;
  return {
    ...(dockerfile !== undefined && { dockerfile: JSON.stringify(dockerfile) }),
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
