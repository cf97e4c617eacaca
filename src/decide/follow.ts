import type { Deployment, Desired } from '../model/deployment.js';
import type { Release } from '../model/release.js';

/** What is known of a service in an environment that follows a branch. */
export interface FollowFacts {
  readonly branch: string;
  /** Releases up to this number are settled. */
  readonly settled: number;
  /** The newest of a head of the branch that may be asked for: with `requires`, one that was verified there. Null: there is none yet. */
  readonly release: Pick<Release, 'number' | 'createdAt'> | null;
  readonly desired: {
    readonly number: number;
    readonly wanted: Desired['wanted'];
    /** When a person asked for it. Null: nobody did. */
    readonly askedAt: number | null;
  } | null;
  /** A deployment of the release was asked for there, however it ended. */
  readonly wasAsked: boolean;
  readonly blocked: boolean;
  /** Deployments of the service there that have not ended. */
  readonly unfinished: readonly Pick<Deployment, 'requester' | 'createdAt' | 'build' | 'release'>[];
}

/**
 * `settle`: releases up to that number are never asked for. `wait`: it depends on what is still to come. `ask`: a deployment of the release is
 * due.
 */
export type FollowStep =
  | { readonly step: 'ask' }
  | { readonly step: 'wait'; readonly why: 'no-release' | 'stopped' | 'ticket' | 'build' }
  | { readonly step: 'settle'; readonly number: number; readonly why: 'older' | 'asked' | 'blocked' | 'decided' };

/**
 * The number up to which releases are settled when following begins: a change of the configuration restarts nothing, so the newest release is
 * deployed at once where nothing is desired, and not elsewhere. `settled`: what an earlier following settled. Pure.
 */
export const beginsAt = (newest: number, settled: number, isAnythingDesired: boolean): number =>
  isAnythingDesired ? Math.max(newest, settled) : settled;

/**
 * What the newest release leads to. What a person asked for after it was made wins over it, so no ticket and no rollback is ever undone. Pure.
 */
export function follow({ branch, settled, release, desired, ...facts }: FollowFacts): FollowStep {
  if (release === null || release.number <= settled) return { step: 'wait', why: 'no-release' };
  const { number, createdAt } = release;
  if (desired !== null && number <= desired.number) return settle(number, 'older');
  if (facts.wasAsked) return settle(number, 'asked');
  if (facts.blocked) return settle(number, 'blocked');
  if (facts.unfinished.some((one) => one.release === null && one.build?.branch === branch))
    return { step: 'wait', why: 'build' };
  if (facts.unfinished.some((one) => one.requester.person && one.createdAt >= createdAt))
    return { step: 'wait', why: 'ticket' };
  if (desired !== null && (desired.askedAt ?? -Infinity) >= createdAt) return settle(number, 'decided');
  if (desired?.wanted === 'stopped') return { step: 'wait', why: 'stopped' };
  return { step: 'ask' };
}

const settle = (number: number, why: (FollowStep & { readonly step: 'settle' })['why']): FollowStep => ({
  ...{ step: 'settle', number, why },
});

/** Who asks for the deployments of a followed branch. */
export const follower = { by: 'follow', person: false } as const;
