import type { Kysely } from 'kysely';
import type { Clock } from '../clock.js';
import { createAccounts } from './accounts.js';
import { createArtifacts } from './artifacts.js';
import { createBases } from './bases.js';
import { createBuilds } from './builds.js';
import type { Store } from './contract.js';
import { createDecisions } from './decisions.js';
import { createDeliveries } from './deliveries.js';
import { createHousekeeping } from './housekeeping.js';
import { createImages } from './images.js';
import { createInHand } from './in-hand.js';
import { createLogs } from './logs.js';
import { createLooks } from './looks.js';
import { migrate } from './migrate.js';
import { migrations } from './migrations/index.js';
import { createMoments } from './moments.js';
import { createQueue } from './queue.js';
import { openSqlite, sqliteColumns, type OpenedDatabase } from './sqlite.js';
import { createMisreads } from './misreads.js';
import { createSeenTags } from './seen-tags.js';
import { createSetAsides } from './set-asides.js';
import { createTags } from './tags.js';

export interface StoreOptions {
  /** Folder of the embedded database. Created if missing. */
  readonly dataDir: string;
  /** Maximum bytes of one build's log (`limits.log`). A function if it may change. */
  readonly logLimit: number | (() => number);
  /** For times that no caller passes: of idempotency keys, of migrations, of builds that end while they are put back. */
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * Opens the embedded database, migrates its schema, and locks the data directory until `housekeeping.close()`. Fails with
 * `data-dir-locked`, `database-too-new` or `store-unavailable`.
 */
export async function openStore({ dataDir, logLimit, clock }: StoreOptions): Promise<Store> {
  const opened = openSqlite(dataDir);
  try {
    await migrate(opened.db as Kysely<unknown>, migrations, sqliteColumns, clock.now());
    return createStore(opened, logLimit, clock);
  } catch (thrown) {
    await opened.close();
    throw thrown;
  }
}

/** The store over a database whose schema is up to date. */
export function createStore(
  { db, close }: OpenedDatabase,
  logLimit: number | (() => number),
  clock: Pick<Clock, 'now'>,
): Store {
  const limit = typeof logLimit === 'number' ? () => logLimit : logLimit;
  const accounts = createAccounts(db, limit);
  return {
    deliveries: createDeliveries(db),
    looks: createLooks(db),
    inHand: createInHand(db),
    setAsides: createSetAsides(db),
    decisions: createDecisions(db),
    bases: createBases(db),
    builds: createBuilds(db),
    queue: createQueue(db, clock, accounts),
    logs: createLogs(db, accounts),
    artifacts: createArtifacts(db),
    images: createImages(db),
    tags: createTags(db),
    seenTags: createSeenTags(db),
    misreads: createMisreads(db),
    moments: createMoments(db),
    housekeeping: createHousekeeping(db, clock, close),
  };
}
