import type { ObservedContainer } from '../hosts/contract.js';
import type { Desired, KeptSpecification } from '../model/deployment.js';
import type { Drift, OwnContainer } from '../model/observation.js';
import { diff, notShown } from '../run-file/diff.js';

type Found = Pick<ObservedContainer, 'image' | 'digests' | 'parameters' | 'further'>;

/**
 * How a container differs from what it should be created from, in the order of the fields. It has to be read with the wanted form.
 * `own`: what it was created from, which says what in its environment is secret; without it no found value of that is shown. Pure.
 */
export function containerDrift(found: Found, wanted: KeptSpecification, own: KeptSpecification | null): Drift[] {
  const { image, digests, parameters, further } = found;
  const digest = digestOf(wanted.image);
  // Without its image nobody knows what it was, or which settings came from it.
  const isOther = digests.length > 0 && !digests.some((one) => digestOf(one) === digest);
  const fields = parameters === null ? [] : diff(wanted.parameters, parameters);
  return [
    ...(isOther ? [{ field: 'image', wanted: wanted.image, found: digests[0] ?? image }] : []),
    ...fields.map(({ field, from, to }) => ({ field, wanted: from, found: shown(field, to, own) })),
    ...further.map((field) => ({ field, wanted: null, found: 'set' })),
  ];
}

const digestOf = (reference: string): string => reference.slice(reference.indexOf('@') + 1);

const prefix = 'environment.';

function shown(field: string, found: string | null, own: KeptSpecification | null): string | null {
  if (found === null || !field.startsWith(prefix)) return found;
  const known = own?.parameters.environment[field.slice(prefix.length)];
  return known?.secret === false && known.value === found ? found : notShown;
}

/** What is asked of a host. */
export interface OnHost {
  readonly host: string;
  /** The one that runs, or the newest. */
  readonly container: OwnContainer | null;
  readonly desired: Desired | null;
  /** Deployments of the service there that have not ended, and whether one of them has begun. */
  readonly unfinished: ReadonlySet<string>;
  readonly isChanging: boolean;
  /** It does not stay up there by repairs. */
  readonly isRestless?: boolean;
}

/**
 * What is not as it should be of a service on a host that is reached. What a deployment is about to change is not drift: its own
 * containers, and while one runs, those that do not run. A host that came after the deployment has to run nothing yet. Pure.
 */
export function driftOn(on: OnHost): readonly Drift[] {
  const { host, container, desired, unfinished } = on;
  if (container !== null && unfinished.has(container.deployment)) return [];
  const unknown = unknownDeployment(container, desired);
  if (desired === null || !Object.hasOwn(desired.specification.publish, host)) return unknown;
  const found = container?.state.status ?? 'missing';
  const restless = on.isRestless === true ? [{ field: 'does-not-stay-up', wanted: desired.wanted, found }] : [];
  return [...unknown, ...restless, ...stateDrift(on, desired), ...settingsDrift(container, desired)];
}

function unknownDeployment(container: OwnContainer | null, desired: Desired | null): readonly Drift[] {
  if (container === null || container.known) return [];
  return [{ field: 'unknown-deployment', wanted: desired?.deploymentId ?? null, found: container.deployment }];
}

const isStarted = (container: OwnContainer): boolean => ['running', 'restarting'].includes(container.state.status);

function stateDrift({ container, isChanging }: OnHost, { wanted }: Desired): readonly Drift[] {
  const found = container?.state.status ?? 'missing';
  const isUp = container !== null && isStarted(container);
  const isRight = wanted === 'running' ? found === 'running' : !isUp;
  return isRight || (isChanging && !isUp) ? [] : [{ field: 'state', wanted, found }];
}

/** Of what does not run it is not said: that may be another release, which was kept. */
function settingsDrift(container: OwnContainer | null, { deploymentId }: Desired): readonly Drift[] {
  if (container === null || !isStarted(container)) return [];
  return container.compared?.deploymentId === deploymentId ? container.compared.drift : [];
}
