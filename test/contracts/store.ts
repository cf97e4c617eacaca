import { artifactContract, imageContract, tagContract } from './store-results.js';
import { auditContract } from './store-audit.js';
import { baseContract } from './store-bases.js';
import { buildContract } from './store-builds.js';
import { concurrencyContract } from './store-concurrency.js';
import { deathContract } from './store-deaths.js';
import { decisionContract } from './store-decisions.js';
import { deliveryContract } from './store-deliveries.js';
import { deploymentAttemptContract } from './store-deployment-attempts.js';
import { deploymentRetentionContract } from './store-deployment-retention.js';
import { deploymentContract } from './store-deployments.js';
import { desiredContract } from './store-desired.js';
import { joiningContract } from './store-joining.js';
import type { OpenStore } from './store-harness.js';
import { fenceContract } from './store-fences.js';
import { formerNameContract } from './store-former-names.js';
import { housekeepingContract } from './store-housekeeping.js';
import { logContract } from './store-logs.js';
import { momentsContract } from './store-moments.js';
import { queueContract } from './store-queue.js';
import { recordContract } from './store-record.js';
import { releaseSearchContract } from './store-release-search.js';
import { releaseContract } from './store-releases.js';
import { restartContract } from './store-restart.js';
import { misreadsContract } from './store-misreads.js';
import { seenTagsContract } from './store-seen-tags.js';

/** What every implementation of `Store` must do, said once and run over each of them. */
export function storeContract(name: string, open: OpenStore): void {
  describe(name, () => {
    describe('deliveries and looks', () => deliveryContract(open));
    describe('joined deliveries', () => joiningContract(open));
    describe('recording decisions', () => recordContract(open));
    describe('decisions', () => decisionContract(open));
    describe('bases', () => baseContract(open));
    describe('seen tags', () => seenTagsContract(open));
    describe('misread Dockerfiles', () => misreadsContract(open));
    describe('moments', () => momentsContract(open));
    describe('builds', () => buildContract(open));
    describe('deaths', () => deathContract(open));
    describe('the queue', () => queueContract(open));
    describe('fences', () => fenceContract(open));
    describe('housekeeping', () => housekeepingContract(open));
    describe('logs', () => logContract(open));
    describe('artifacts', () => artifactContract(open));
    describe('images', () => imageContract(open));
    describe('tags', () => tagContract(open));
    describe('releases', () => releaseContract(open));
    describe('the search for releases', () => releaseSearchContract(open));
    describe('deployments', () => deploymentContract(open));
    describe('retention of deployments', () => deploymentRetentionContract(open));
    describe('attempts of deployments', () => deploymentAttemptContract(open));
    describe('what is desired', () => desiredContract(open));
    describe('former names', () => formerNameContract(open));
    describe('the audit list', () => auditContract(open));
    describe('many at once', () => concurrencyContract(open));
    describe('a restart', () => restartContract(open));
  });
}
