import { isoTime } from '../iso-time.js';
import type { Desired } from '../model/deployment.js';
import type { Standing } from '../store/contract.js';
import type { EnvironmentJson, ServiceInEnvironmentJson, ServiceOnHostJson } from './environment-schema.js';
import type { MatrixCellJson, MatrixJson } from './matrix-schema.js';

/** What a matrix is made of. */
export interface MatrixParts {
  /** In the order of promotion. */
  readonly environments: readonly EnvironmentJson[];
  readonly orphaned: MatrixJson['orphaned'];
  readonly desired: readonly Desired[];
  readonly standings: readonly Standing[];
}

const keyOf = (environment: string, service: string): string => `${environment} ${service}`;

/** Services in rows, environments in columns. */
export function renderMatrix({ environments, orphaned, desired, standings }: MatrixParts): MatrixJson {
  const desiredOf = new Map(desired.map((one) => [keyOf(one.environment, one.service), one]));
  const standingOf = new Map(standings.map((one) => [keyOf(one.environment, one.service), one]));
  const rows = new Map<string, MatrixCellJson[]>();
  for (const environment of environments)
    for (const one of environment.services) {
      const key = keyOf(environment.name, one.service);
      const cell = renderCell(environment.name, one, desiredOf.get(key) ?? null, standingOf.get(key) ?? null);
      rows.set(one.service, [...(rows.get(one.service) ?? []), cell]);
    }
  return {
    environments: environments.map(({ name, approvals, window, hold, hosts }) => ({
      ...{ name, approvals, window, hold, hosts },
    })),
    orphaned,
    services: [...rows]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([service, cells]) => ({ service, cells })),
  };
}

function renderCell(
  environment: string,
  { orphaned, pending, hosts, scale }: ServiceInEnvironmentJson,
  desired: Desired | null,
  standing: Standing | null,
): MatrixCellJson {
  const { last = null } = standing ?? {};
  return {
    environment,
    orphaned,
    desired: desired && renderDesired(desired, standing?.desiredBy ?? null),
    behind: standing?.newer ?? null,
    pending: pending.length,
    inStep: hosts.filter((host) => isInStep(host, desired)).length,
    total: scale.wanted,
    hosts: hosts.map(({ host, state, release, tag, startedAt, health, drift }) => ({
      ...{ host, state, release, tag, startedAt, unhealthy: health === 'unhealthy' },
      drift: drift.map(({ field }) => field),
    })),
    last: last && { ...last, at: isoTime(last.at) },
  };
}

const renderDesired = ({ release, wanted, since, deploymentId }: Desired, by: string | null) => ({
  ...{ release: release.number, branch: release.branch, commit: release.commit },
  ...{ tag: release.tag, digest: release.digest },
  ...{ wanted, since: isoTime(since), by, deploymentId },
});

/** A host that came after the deployment has nothing to run yet, so it does not count. */
const isInStep = ({ host, state, release, drift }: ServiceOnHostJson, desired: Desired | null): boolean =>
  desired?.wanted === 'running' &&
  Object.hasOwn(desired.specification.publish, host) &&
  state === 'running' &&
  release === desired.release.number &&
  drift.length === 0;
