import { isoTime } from '../iso-time.js';
import type { WaitingFor } from '../model/waiting-for.js';

/** Whether a commit runs. */
export type Runs = 'yes' | 'no' | 'partly' | 'unknown';

/** In the order in which they are asked: the first that holds is the reason. */
export const whereCodes = [
  'running',
  'partly',
  'host-unreachable',
  'waiting',
  'build-failed',
  'build-skipped',
  'not-built',
  'blocked',
  'rolled-back',
  'failed',
  'canceled',
  'superseded',
  'replaced',
  'not-requested',
] as const;

export type WhereCode = (typeof whereCodes)[number];

/** What is known of a commit in an environment. */
export interface WhereFacts {
  readonly environment: string;
  /** Hosts that should run the service, and those that do. Null: it is not known, because the host is not reached. */
  readonly hosts: readonly { readonly host: string; readonly runs: boolean | null }[];
  /** Whether an image covers the commit, and if not, why. */
  readonly image:
    | { readonly kind: 'covered' }
    | { readonly kind: 'build-failed' | 'build-skipped' | 'not-built'; readonly message: string };
  /** The newest deployment there of a release that has the commit. Null: there was none. */
  readonly deployment: {
    readonly id: string;
    readonly release: number | null;
    readonly status: 'pending' | 'running' | 'succeeded' | 'failed' | 'rolled-back' | 'canceled' | 'superseded';
    /** Why it failed. */
    readonly message: string | null;
    /** Null: it has ended, it goes on, or it is about to. */
    readonly waitsFor: Pick<WaitingFor, 'message' | 'until'> | null;
  } | null;
  /** The release of that deployment is blocked there. */
  readonly isBlocked: boolean;
  /** What is desired there has the commit, and whether it was stopped. */
  readonly desired: 'running' | 'stopped' | null;
  /** Number of the release that is desired there. */
  readonly desiredRelease: number | null;
}

export interface Where {
  readonly runs: Runs;
  /** Those that run it. */
  readonly hosts: readonly string[];
  readonly reason: { readonly code: WhereCode; readonly message: string };
}

/** Whether a commit runs in an environment, and why not. Pure. */
export function where(facts: WhereFacts): Where {
  const named = (runs: boolean | null) => facts.hosts.filter((one) => one.runs === runs).map(({ host }) => host);
  const [yes, no, unknown] = [named(true), named(false), named(null)];
  const answer = (runs: Runs, code: WhereCode, message: string): Where => ({
    ...{ runs, hosts: yes },
    reason: { code, message },
  });
  // Before a switch it runs on the idle hosts.
  const { deployment } = facts;
  const isUnfinished = deployment?.status === 'pending' || deployment?.status === 'running';
  const goesOn = isUnfinished ? ` ${goingOn(deployment)}` : '';
  if (yes.length > 0 && yes.length === facts.hosts.length)
    return answer('yes', 'running', `It runs on ${yes.join(', ')}.`);
  if (yes.length > 0 && no.length > 0)
    return answer('partly', 'partly', `It runs on ${yes.join(', ')}, not on ${no.join(', ')}.${goesOn}`);
  if (unknown.length > 0) {
    const known = yes.length > 0 ? `It runs on ${yes.join(', ')}. ` : '';
    return answer('unknown', 'host-unreachable', `${known}What runs on ${unknown.join(', ')} is not known.${goesOn}`);
  }
  const [code, message] = whyNot(facts);
  return answer('no', code, message);
}

type Why = readonly [WhereCode, string];

function whyNot({ environment, image, deployment, isBlocked, desired, desiredRelease }: WhereFacts): Why {
  if (deployment?.status === 'pending' || deployment?.status === 'running') return ['waiting', goingOn(deployment)];
  if (image.kind !== 'covered') return [image.kind, image.message];
  if (deployment === null) {
    if (desired === null) return ['not-requested', `Nobody asked for it in ${environment}.`];
    return ['failed', `It is desired in ${environment}, and its containers do not run.`];
  }
  const ended = `${nameOf(deployment)} ended ${deployment.status}`;
  if (isBlocked) return ['blocked', whyBlocked(deployment)];
  if (deployment.status === 'succeeded') return whyNoMore(deployment, desired, desiredRelease);
  return [deployment.status, `${ended}${because(deployment)}`];
}

function whyBlocked(deployment: ItsDeployment): string {
  const { id, release, status } = deployment;
  const its = release === null ? 'The release' : `Release ${release}`;
  if (status === 'succeeded')
    return `${its} is blocked: somebody rolled back from it (deployment ${id} had brought it).`;
  return `${its} is blocked: deployment ${id} ended ${status}${because(deployment)}`;
}

type ItsDeployment = NonNullable<WhereFacts['deployment']>;

/** What one that has not ended does, or what it waits for and until when. */
function goingOn(deployment: ItsDeployment): string {
  const { status, waitsFor } = deployment;
  if (waitsFor === null) return `${nameOf(deployment)} ${status === 'pending' ? 'waits' : 'runs'}.`;
  const until = waitsFor.until === null ? '.' : ` (until ${isoTime(waitsFor.until)}).`;
  return `${nameOf(deployment)} waits: ${waitsFor.message.replace(/\.$/, '')}${until}`;
}

const nameOf = ({ id, release }: ItsDeployment): string => `Deployment ${id}${releaseText(release)}`;

const because = ({ message }: ItsDeployment): string => (message === null ? '.' : `: ${message}`);

function whyNoMore(deployment: ItsDeployment, desired: WhereFacts['desired'], desiredRelease: number | null): Why {
  const succeeded = `${nameOf(deployment)} succeeded`;
  if (desired === 'running') return ['failed', `${succeeded}, and its containers do not run now.`];
  if (desired === 'stopped') return ['replaced', `${succeeded}, and the service was stopped afterwards.`];
  return ['replaced', `${succeeded}, and ${replacedBy(desiredRelease)} afterwards.`];
}

const releaseText = (release: number | null): string => (release === null ? '' : ` of release ${release}`);

const replacedBy = (release: number | null): string =>
  release === null ? 'the service was removed' : `release ${release} took its place`;
