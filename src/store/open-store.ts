import type { Kysely } from 'kysely';
import type { Clock } from '../clock.js';
import { createAccounts } from './accounts.js';
import { createArtifacts } from './artifacts.js';
import { createAudit } from './audit.js';
import { createBases } from './bases.js';
import { createBuilds } from './builds.js';
import { countChanges } from './changes.js';
import type { Store } from './contract.js';
import type { OpenedDatabase } from './dialect.js';
import { createDecisions } from './decisions.js';
import { createDeliveries } from './deliveries.js';
import { createDeployments } from './deployments.js';
import { createFollows } from './follows.js';
import { createFormerNames } from './former-names.js';
import { createHolds } from './holds.js';
import { createHousekeeping } from './housekeeping.js';
import { createImages } from './images.js';
import { createInHand } from './in-hand.js';
import { createLedger } from './ledger.js';
import { createLogs } from './logs.js';
import { createLooks } from './looks.js';
import { migrate } from './migrate.js';
import { migrations } from './migrations/index.js';
import { createMoments } from './moments.js';
import { createNotices } from './notices.js';
import { createOverviews } from './overview.js';
import { createQueue } from './queue.js';
import { createRegionDrifts } from './region-drift.js';
import { createReleases } from './releases.js';
import { openSqlite } from './sqlite.js';
import { createMisreads } from './misreads.js';
import { createSeenTags } from './seen-tags.js';
import { createSetAsides } from './set-asides.js';
import { createTags } from './tags.js';
import { createWorkers, endLeases } from './workers.js';

export interface StoreOptions {
  /** Folder of the embedded database. Created if missing. */
  readonly dataDir: string;
  /** Maximum bytes of one build's log (`limits.log`). A function if it may change. */
  readonly logLimit: number | (() => number);
  /** The store's own clock: for leases, claims, recovery, and other times that no caller passes. */
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * Opens the embedded database, migrates its schema, and locks the data directory until `housekeeping.close()`. The lock proves that no other
 * process works on it, so all leases end. Fails with `data-dir-locked`, `database-too-new` or `store-unavailable`.
 */
export async function openStore({ dataDir, logLimit, clock }: StoreOptions): Promise<Store> {
  const opened = openSqlite(dataDir);
  try {
    await migrate(opened.db as Kysely<unknown>, migrations, opened.columns, clock.now());
    await endLeases(opened.db);
    return createStore(opened, logLimit, clock);
  } catch (thrown) {
    await opened.close();
    throw thrown;
  }
}

/** The store over a database whose schema is up to date. */
export function createStore(
  database: OpenedDatabase,
  logLimit: number | (() => number),
  clock: Pick<Clock, 'now'>,
): Store {
  const { opened, changes } = countChanges(database);
  const { db, close } = opened;
  const limit = typeof logLimit === 'number' ? () => logLimit : logLimit;
  const accounts = createAccounts(opened, limit);
  return {
    deliveries: createDeliveries(db),
    looks: createLooks(db),
    inHand: createInHand(opened),
    setAsides: createSetAsides(db),
    decisions: createDecisions(opened),
    bases: createBases(db),
    builds: createBuilds(db),
    queue: createQueue(opened, clock, accounts),
    workers: createWorkers(opened, clock),
    logs: createLogs(db, accounts),
    artifacts: createArtifacts(db),
    images: createImages(db),
    tags: createTags(db),
    releases: createReleases(db),
    deployments: createDeployments(opened, clock, limit),
    holds: createHolds(db),
    follows: createFollows(db),
    formerNames: createFormerNames(db),
    seenTags: createSeenTags(db),
    misreads: createMisreads(db),
    regionDrifts: createRegionDrifts(db),
    overview: createOverviews(db, changes),
    ledger: createLedger(db),
    moments: createMoments(db),
    audit: createAudit(db),
    notices: createNotices(db),
    housekeeping: createHousekeeping(db, clock, close),
  };
}
