import { beginsAt, follow, follower, type FollowFacts } from '../../decide/follow.js';
import { asSlipwayError } from '../../errors.js';
import type { Events } from '../../events.js';
import { noWishes, type Deployment, type DeploymentError } from '../../model/deployment.js';
import type { Environment } from '../../model/environment.js';
import type { Release } from '../../model/release.js';
import type { Service } from '../../model/service.js';
import { deployedRelease } from '../../specification/kept-specification.js';
import type { SpecifyDeps } from '../../specification/specify.js';
import type { FollowMark, Store } from '../../store/contract.js';
import { deploymentError } from './await-build.js';
import type { DeployDeps } from './deps.js';
import { freeDeploymentId } from './deployment-id.js';
import { requireDeployable, verdictOf } from './may-deploy.js';
import { placeOf } from './place.js';
import { releaseSpecification, type ReleaseSpecification } from './release-specification.js';

export interface FollowDeps
  extends Pick<DeployDeps, 'environments' | 'services' | 'announce' | 'clock' | 'log'>, Omit<SpecifyDeps, 'store'> {
  readonly store: Pick<Store, 'deployments' | 'releases' | 'follows' | 'formerNames'>;
  readonly events: Pick<Events, 'subscribe'>;
  /** At least 0, less than 1. */
  readonly random: () => number;
}

/** Asks for new releases of the branches that environments follow. */
export interface Following {
  /** Does so if anything may have changed. Fails as the store does; what hinders one service alone is logged, and tried again. */
  look(): Promise<void>;
  close(): void;
}

/** Deployments of a service that are looked at: many more than may be unfinished. */
const LATEST = 20;
/** Other processes change the store without an event here. */
const LOOK_MS = 10_000;

export function createFollowing(deps: FollowDeps): Following {
  let due = true;
  let lookedAt = 0;
  const close = deps.events.subscribe(({ type }) => {
    if (type === 'build' || type === 'looked' || type === 'deployment' || type === 'configuration') due = true;
  });
  return {
    close,
    async look() {
      const now = deps.clock.now();
      if (!due && now >= lookedAt && now - lookedAt < LOOK_MS) return;
      // Before the first question, so that what happens during the look is looked at again.
      [due, lookedAt] = [false, now];
      try {
        await lookAtAll(deps);
      } catch (thrown) {
        due = true;
        throw thrown;
      }
    },
  };
}

async function lookAtAll(deps: FollowDeps): Promise<void> {
  const { follows } = deps.store;
  const marks = new Map((await follows.all()).map((mark) => [keyOf(mark), mark]));
  for (const environment of deps.environments().values()) {
    const { name, follow: branch } = environment;
    if (branch === null) continue;
    const services = [...deps.services().values()].filter(({ deploy }) => deploy?.environments.includes(name));
    const newest = await follows.newest(
      branch,
      services.map((service) => service.name),
      null,
    );
    for (const service of services) {
      const key = keyOf({ environment: name, service: service.name });
      const mark = marks.get(key) ?? null;
      marks.delete(key);
      const followed: Followed = { environment, service, branch, mark, newest: newest.get(service.name) ?? 0 };
      if (mark?.branch === branch && mark.number >= followed.newest) continue;
      await lookAt(followed, deps).catch((err: unknown) => {
        const error = asSlipwayError(err);
        if (error.code === 'store-unavailable') throw error;
        deps.log.warn({ err, environment: name, service: service.name }, 'could not follow a branch');
      });
    }
  }
  // With the branch that it had before, a release made in the meantime would be taken for a new one.
  for (const mark of marks.values()) if (mark.branch !== null) await follows.note({ ...mark, branch: null });
}

const keyOf = ({ environment, service }: Pick<FollowMark, 'environment' | 'service'>): string =>
  `${environment}/${service}`;

/** A service in an environment that follows a branch. */
interface Followed {
  readonly environment: Environment;
  readonly service: Service;
  readonly branch: string;
  readonly mark: FollowMark | null;
  /** 0: the branch has no release. */
  readonly newest: number;
}

async function lookAt(followed: Followed, deps: FollowDeps): Promise<void> {
  const { branch, mark, newest } = followed;
  const { follows, deployments, releases } = deps.store;
  const pair = { environment: followed.environment.name, service: followed.service.name };
  const settled = mark?.branch === branch ? mark.number : await begin(followed, deps);
  if (newest <= settled) return;
  const latest = (await deployments.page({ ...pair, limit: LATEST, cursor: null })).items;
  const number = await mayBeAsked(followed, deps);
  const release = number === null ? null : await releases.get(pair.service, number);
  const unfinished = latest.filter(({ finishedAt }) => finishedAt === null);
  const step = follow(await factsOf({ ...followed, settled }, release, unfinished, deps));
  if (step.step === 'settle') return follows.note({ ...pair, branch, number: step.number });
  if (step.step === 'ask' && release !== null) await ask(followed, release, latest[0]?.id ?? null, deps);
}

/** Resolves with the number up to which releases are settled. */
async function begin({ environment, service, branch, mark, newest }: Followed, { store }: FollowDeps): Promise<number> {
  const pair = { environment: environment.name, service: service.name };
  const desired = await store.deployments.desired(pair.environment, pair.service);
  const number = beginsAt(newest, mark?.number ?? 0, desired !== null);
  await store.follows.note({ ...pair, branch, number });
  return number;
}

/** The newest release that `requires` lets through. */
async function mayBeAsked({ environment, service, branch, newest }: Followed, { store }: FollowDeps) {
  if (environment.requires === null) return newest;
  return (await store.follows.newest(branch, [service.name], environment.requires)).get(service.name) ?? null;
}

async function factsOf(
  { environment, service, branch, settled }: Followed & { readonly settled: number },
  release: Release | null,
  unfinished: readonly Deployment[],
  { store: { deployments } }: FollowDeps,
): Promise<FollowFacts> {
  const desired = await deployments.desired(environment.name, service.name);
  const maker = desired && (await deployments.get(desired.deploymentId));
  const asked = release && (await deployments.newestOf(environment.name, service.name, [release.number]));
  const verdict = release && (await verdictOf(release, environment.name, deployments));
  return {
    ...{ branch, settled, release, unfinished },
    desired: desired && {
      number: desired.release.number,
      wanted: desired.wanted,
      askedAt: maker?.requester.person === true ? maker.createdAt : null,
    },
    wasAsked: asked !== null,
    blocked: verdict?.blocked === true,
  };
}

async function ask(
  { environment, service, branch }: Followed,
  release: Release,
  newest: string | null,
  deps: FollowDeps,
): Promise<void> {
  const { store, clock, log, random, announce } = deps;
  const { made, error } = await specificationOf(release, environment, service, deps);
  const id = await freeDeploymentId(random, async (taken) => (await store.deployments.get(taken)) !== null);
  const pair = { environment: environment.name, service: service.name };
  const about = { id, kind: 'deployment', requester: follower, release: deployedRelease(release) } as const;
  const reason = `a new release of ${branch}`;
  const deployment = { ...noWishes, ...pair, ...about, reason, specification: null, ...made };
  const mark = { ...pair, branch, number: release.number };
  const asked = await store.follows.ask({ deployment, mark, newest, error }, clock.now());
  if (asked === null) return;
  for (const other of asked.superseded) announce({ ...pair, id: other, status: 'superseded' });
  announce(asked.deployment);
  log.info(
    { deployment: id, ...pair, branch, release: release.number, superseded: asked.superseded, code: error?.code },
    'following a branch',
  );
}

/** What would answer a ticket is kept as the deployment's error. Fails with what passes by itself. */
async function specificationOf(
  release: Release,
  environment: Environment,
  service: Service,
  deps: FollowDeps,
): Promise<{ readonly made: ReleaseSpecification | null; readonly error: DeploymentError | null }> {
  try {
    const place = placeOf(service, environment.name, deps);
    await requireDeployable(release, environment, false, deps.store.deployments);
    return { made: await releaseSpecification({ release, ...place }, deps), error: null };
  } catch (thrown) {
    const error = asSlipwayError(thrown);
    if (error.retryable || error.code === 'internal') throw thrown;
    return { made: null, error: deploymentError(error) };
  }
}
