import type { Deployment, DeploymentKind } from '../model/deployment.js';
import type { Environment, Repair } from '../model/environment.js';
import type { Hold } from '../model/hold.js';
import { windowAt } from './window.js';

/** Approvals older than this count no more. */
export const MAX_APPROVAL_AGE_MS = 7 * 24 * 60 * 60_000;

export type GateCode = 'hold' | 'approval' | 'window';

/** Why a deployment may not start or switch yet. */
export interface ClosedGate {
  readonly code: GateCode;
  readonly message: string;
  /** When it opens by itself, in milliseconds since the epoch. Null: nobody knows. */
  readonly until: number | null;
}

export interface GateFacts {
  readonly environment: Pick<Environment, 'name' | 'window' | 'approvals'>;
  /** Null: nobody holds the environment. */
  readonly hold: Hold | null;
  readonly approvals: Deployment['approvals'];
  /** Who asked for the deployment. */
  readonly requester: string;
  readonly kind: DeploymentKind;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * The gates that are closed for a deployment: a hold first, which only people end; then approvals, so that people give them before the window
 * opens; then the window. Only kind `deployment` has gates: a way back, a restart, a stop, a start, an `adopt` and the repair of a host that was
 * left out have none. Pure.
 */
export function closedGates(facts: GateFacts): readonly ClosedGate[] {
  if (!hasGates(facts)) return [];
  return [holdGate(facts), approvalGate(facts), windowGate(facts)].filter((gate) => gate !== null);
}

/** The first of `closedGates`. Null: it may go on. Pure. */
export const closedGate = (facts: GateFacts): ClosedGate | null => closedGates(facts)[0] ?? null;

/** Whether gates hold back deployments of its kind at all. */
export const hasGates = ({ kind }: Pick<Deployment, 'kind'>): boolean => kind === 'deployment';

/** Whether a deployment waits at its gate, and nobody wants it to end. */
export const isAtGate = ({ gate, turnedBack, cancelRequested }: Deployment): boolean =>
  gate === 'waits' && turnedBack === null && !cancelRequested;

export interface GateState {
  readonly environments: ReadonlyMap<string, GateFacts['environment']>;
  /** Those in force, by environment. */
  readonly holds: ReadonlyMap<string, Hold>;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The first closed gate of a deployment. Null: none is, or its environment has left the configuration. Pure. */
export function gateOf(
  {
    environment: name,
    approvals,
    requester,
    kind,
  }: Pick<Deployment, 'environment' | 'approvals' | 'requester' | 'kind'>,
  { environments, holds, now }: GateState,
): ClosedGate | null {
  const environment = environments.get(name);
  if (environment === undefined) return null;
  return closedGate({ environment, hold: holds.get(name) ?? null, approvals, requester: requester.by, kind, now });
}

function holdGate({ environment, hold, now }: GateFacts): ClosedGate | null {
  if (hold === null || !isInForce(hold, now)) return null;
  return { code: 'hold', message: `${hold.by} holds ${environment.name}: ${hold.reason}`, until: hold.until };
}

function approvalGate({ environment, approvals, requester, now }: GateFacts): ClosedGate | null {
  const needed = environment.approvals;
  const counts = countingApprovals(approvals, requester, now);
  if (counts >= needed) return null;
  const message = `${counts} of ${needed} approvals by other tokens than ${requester}.`;
  return { code: 'approval', message, until: null };
}

function windowGate({ environment, now }: GateFacts): ClosedGate | null {
  const { open, opensAt } = windowAt(environment.window, now);
  if (open) return null;
  return { code: 'window', message: `The window of ${environment.name} is closed.`, until: opensAt };
}

/** Whether a hold still counts. */
export const isInForce = ({ until }: Pick<Hold, 'until'>, now: number): boolean => until === null || until > now;

/** A token counts once, the requester's never. */
function countingApprovals(approvals: Deployment['approvals'], requester: string, now: number): number {
  const fresh = approvals.filter(({ by, at }) => by !== requester && at > now - MAX_APPROVAL_AGE_MS);
  return new Set(fresh.map(({ by }) => by)).size;
}

/**
 * What may be repaired by itself now: nothing under a hold, and what was changed by hand only in the window. Hosts that were left out are not
 * asked about. Pure.
 */
export function repairNow(
  { repair, window }: Pick<Environment, 'repair' | 'window'>,
  hold: Hold | null,
  now: number,
): Repair {
  if (hold !== null && isInForce(hold, now)) return 'off';
  return repair === 'all' && !windowAt(window, now).open ? 'missing' : repair;
}
