/** What happened before the server of a test started: builds, skips and deliveries that are over. */
import { mkdir } from 'node:fs/promises';
import type { BuildError } from '../../src/model/build.js';
import type { Delivery } from '../../src/model/delivery.js';
import type { Reason } from '../../src/model/decision.js';
import type { Store } from '../../src/store/contract.js';
import { openStore } from '../../src/store/open-store.js';
import { delivery, head, inputs, live, newBuild, success, toBuild, toSkip } from '../contracts/store-samples.js';

const DAY_MS = 86_400_000;

export interface PastDecision {
  readonly service: string;
  /** Default: `abc/app`. */
  readonly repository?: string;
  /** Default: `main`. */
  readonly branch?: string;
  /** No repository has to have it. Default: another one each time. */
  readonly commit?: string;
  readonly reason?: Partial<Reason>;
  /** Which push it was. Null: none, as for the sweep. Default: none that is stored. */
  readonly deliveryId?: string;
}

export interface PastBuild extends PastDecision {
  /** Default: 1 minute. */
  readonly tookMs?: number;
  /** Default: it was built, with that tag. */
  readonly tag?: string;
  readonly failed?: Partial<BuildError>;
  readonly canceled?: boolean;
  readonly log?: string;
}

export interface Past {
  readonly store: Store;
  /** Time that passes between two things that happened. It begins thirty days before now. */
  pass(ms: number): void;
  /** A build that ended. Resolves with its id. */
  build(build: PastBuild): Promise<string>;
  /** Nothing was built. `reliesOn`: the build whose image covers the commit. */
  skip(skip: PastDecision & { readonly reliesOn?: string }): Promise<void>;
  /** A push that was heard. Its decisions name its id. */
  delivery(given: Partial<Delivery> & Pick<Delivery, 'id'>): Promise<void>;
}

/** For `fill` of a `TestSlipway`. A build takes four transactions, so a thousand take a few seconds. */
export const filledWith =
  (happen: (past: Past) => Promise<void>) =>
  async (dataDir: string): Promise<void> => {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    let now = Date.now() - 30 * DAY_MS;
    const store = await openStore({ dataDir, logLimit: 16 << 20, clock: { now: () => now } });
    try {
      await happen(
        pastOf(
          store,
          () => now,
          (ms) => (now += ms),
        ),
      );
      if (now > Date.now()) throw new Error('The past of this test ends in the future.');
    } finally {
      await store.housekeeping.close();
    }
  };

function pastOf(store: Store, now: () => number, pass: (ms: number) => void): Past {
  let commits = 0;
  const nextCommit = () => (commits += 1).toString(16).padStart(8, '0').repeat(5);
  const triggerOf = ({ deliveryId = null }: { readonly deliveryId?: string | null }) =>
    ({ kind: deliveryId === null ? 'sweep' : 'push', deliveryId, by: 'ada' }) as const;
  return {
    store,
    pass,
    async build({ service, repository = 'abc/app', branch = 'main', commit = nextCommit(), reason, ...more }) {
      const made = newBuild({ service, repository, branch, commit, queuedAt: now(), trigger: triggerOf(more) });
      const build = { ...made, reason: { ...made.reason, ...reason }, inputs: inputs(commit) };
      await store.decisions.record({ look: null, deliveryId: null, decisions: [toBuild(build)] }, now());
      await live(store, 'past');
      const claimed = await store.queue.claim('past');
      if (claimed?.id !== build.id) throw new Error(`${build.id} cannot begin`);
      await store.queue.progress(claimed, { wasHead: true });
      if (more.log !== undefined) await store.logs.append(claimed, more.log);
      pass(more.tookMs ?? 60_000);
      await store.queue.finish(claimed, endOf(service, commit, branch, more), now(), []);
      return build.id;
    },
    async skip({ service, branch = 'main', commit = nextCommit(), reason, reliesOn = null, ...more }) {
      const skip = toSkip({ service, branch, head: commit }, reliesOn);
      const decision = { ...skip.decision, reason: { ...skip.decision.reason, ...reason } };
      const decisions = [{ ...skip, decision, trigger: triggerOf(more) }];
      await store.decisions.record({ look: null, deliveryId: null, decisions }, now());
    },
    async delivery(given) {
      const told = delivery(given.id, { before: head('0'), receivedAt: now(), status: 'planned', ...given });
      await store.deliveries.accept(told, null);
    },
  };
}

function endOf(service: string, commit: string, branch: string, { tag, failed, canceled }: Partial<PastBuild>) {
  if (canceled) return { status: 'canceled' } as const;
  if (failed !== undefined) {
    const error = {
      code: 'dockerfile-step-failed',
      message: 'exit code 1',
      step: '[2/2] RUN make',
      blame: 'dockerfile',
    };
    return { status: 'failed', error: { ...error, ...failed } as BuildError } as const;
  }
  const tags = [tag ?? `1.0-1-${commit.slice(0, 7)}`, branch];
  return success({ repository: service, digest: `sha256:${commit.padEnd(64, '0')}`, tags }, null);
}
