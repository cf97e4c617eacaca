import { interruptionSeconds } from '../../decide/interruption.js';
import type { Deployment, Desired, KeptSpecification, SpecOn } from '../../model/deployment.js';
import type { HostObservation, OwnContainer } from '../../model/observation.js';
import type { Origin, Origins } from '../../model/parameters.js';
import { allFields, diff, type Difference } from '../../run-file/diff.js';
import type { PlannedHost, PlannedParameter } from './contract.js';

/** What a plan for one host follows from. */
export interface HostPlanFacts {
  readonly host: string;
  readonly service: string;
  /** Null: nobody has asked it. */
  readonly observation: HostObservation | null;
  readonly desired: Desired | null;
  /** Null: the run file has faults. */
  readonly next: { readonly specification: KeptSpecification; readonly origins: Origins | null } | null;
  /** Deployments of the service there, newest first. */
  readonly latest: readonly Deployment[];
  readonly specOn: SpecOn;
}

/** What a deployment would do on a host, by what was seen there last. Pure. */
export function planHost(facts: HostPlanFacts): PlannedHost {
  const { host, desired, next } = facts;
  const current = currentOf(facts);
  const action = actionOf(facts, current);
  const isRunning = current !== null && current !== 'unknown';
  const from = isRunning
    ? imageOf(current, next)
    : current === 'unknown'
      ? (desired?.specification.image ?? null)
      : null;
  const image = { from, to: next?.specification.image ?? null };
  const before = current === null ? null : (desired?.specification ?? null);
  const parameters = next === null || action === 'none' ? [] : parametersOf(before, next, host);
  return { host, action, image, parameters, interruptionSeconds: interruptionSeconds(facts.latest, host) };
}

/** The container that runs, or that the engine starts again and again. Null: none does. */
function currentOf({ service, observation }: HostPlanFacts): OwnContainer | 'unknown' | null {
  if (observation?.reachable !== true || observation.seen === null) return 'unknown';
  const up = observation.seen.own.filter(
    (one) => one.service === service && (one.state.status === 'running' || one.state.status === 'restarting'),
  );
  const [newest] = [...up].sort((a, b) => b.createdAt - a.createdAt);
  return newest ?? null;
}

function actionOf({ host, next, specOn }: HostPlanFacts, current: OwnContainer | 'unknown' | null) {
  if (current === 'unknown' || next === null) return 'unknown';
  if (current === null) return 'create';
  return current.spec === specOn(next.specification, host) ? 'none' : 'replace';
}

/** An image may have a digest for each registry that it came from. */
function imageOf({ digests, image }: OwnContainer, next: HostPlanFacts['next']): string {
  const repository = next?.specification.image.split('@', 1)[0] ?? '';
  return digests.find((one) => one.startsWith(`${repository}@`)) ?? digests[0] ?? image;
}

function parametersOf(
  before: KeptSpecification | null,
  { specification, origins }: NonNullable<HostPlanFacts['next']>,
  host: string,
): readonly PlannedParameter[] {
  const changes =
    before === null ? allFields(specification.parameters) : diff(before.parameters, specification.parameters);
  return [...changes.map((change) => planned(change, origins)), ...publishing(before, specification, host)];
}

function planned({ field: name, from, to, secret }: Difference, origins: Origins | null): PlannedParameter {
  return { name, from, to, origin: to === null || origins === null ? null : originOf(name, origins), secret };
}

/** A named entry may come with the whole field, such as the labels of a file. */
function originOf(name: string, origins: Origins): Origin {
  const [field = name] = name.split('.', 1);
  return origins[name] ?? origins[field] ?? { kind: 'default' };
}

/** The address that a host publishes ports on is a setting of the host, unless each port names its own. */
function publishing(
  before: KeptSpecification | null,
  specification: KeptSpecification,
  host: string,
): readonly PlannedParameter[] {
  const counts = specification.parameters.ports.some(({ hostIp }) => hostIp === '');
  const [from, to] = [before?.publish[host] ?? null, specification.publish[host] ?? null];
  if (!counts || from === to) return [];
  return [{ name: 'publish', from, to, origin: to === null ? null : { kind: 'environment' }, secret: false }];
}
