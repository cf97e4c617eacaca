import { SlipwayError } from '../../errors.js';
import type { Service } from '../../model/service.js';
import { environmentOf } from '../../pipeline/deploy/place.js';
import { releaseOfVersion } from '../release-of-version.js';
import type { DeployTarget } from './contract.js';
import type { DeployDeps } from './deps.js';
import { noRelease } from './no-release.js';
import { awaited, isUnfinished, resolveBranch, type BranchOptions, type Resolved } from './resolve-branch.js';

type Lookup = (service: Service, deps: DeployDeps) => Promise<Resolved>;

/**
 * What a call means. Fails with `invalid-request` unless exactly one thing is named, `no-release`, with the decision that says why if there is
 * one, `unknown-release`, `unknown-environment`, and `unknown-revision` for a branch that does not exist.
 */
export async function resolve(
  target: DeployTarget,
  service: Service,
  options: BranchOptions,
  deps: DeployDeps,
): Promise<Resolved> {
  const { branch, commit, version, release, from } = target;
  const lookups: readonly (Lookup | null)[] = [
    branch === null ? null : () => resolveBranch(service, branch, options, deps),
    commit === null ? null : () => coveringCommit(service, commit, options, deps),
    version === null ? null : () => ofVersion(service, version, deps),
    release === null ? null : async () => ({ release: await releaseOf(service.name, release, deps) }),
    from === null ? null : () => desiredIn(service, from, deps),
  ];
  const [lookup, ...others] = lookups.flatMap((one) => (one === null ? [] : [one]));
  if (lookup !== undefined && others.length === 0) return lookup(service, deps);
  throw new SlipwayError(
    'invalid-request',
    `Name exactly one of branch, commit, version, release and from; ${lookup === undefined ? 'there is none' : `there are ${others.length + 1}`}.`,
  );
}

/** The release of that number. Fails with `unknown-release`. */
export async function releaseOf(service: string, number: number, { store }: Pick<DeployDeps, 'store'>) {
  const release = await store.releases.get(service, number);
  if (release !== null) return release;
  throw new SlipwayError('unknown-release', `${service} has no release ${number}.`);
}

async function coveringCommit(
  service: Service,
  named: string,
  options: BranchOptions,
  deps: DeployDeps,
): Promise<Resolved> {
  const start = named.toLowerCase();
  if (!/^[0-9a-f]{7,64}$/.test(start))
    throw new SlipwayError('invalid-request', `${JSON.stringify(named)} is not a commit id of at least seven digits.`);
  const found = await deps.store.releases.coveringStart(service.name, start);
  const [release, another] = found.values();
  if (another !== undefined)
    throw noRelease(`More than one commit of ${service.repository} begins with ${start}: write more of it.`);
  if (release !== undefined) return { release };
  const full = start.length >= 40 ? start : await deps.git.mirror(service.repository).history.resolve(start);
  const decision = full === null ? null : await deps.store.decisions.covering(service.name, full);
  const build = await buildOf(service.name, full ?? start, decision?.buildId ?? null, deps);
  if (build !== null && isUnfinished(build))
    return awaited(build, { branch: build.branch, name: start }, decision, options);
  // It may have ended since the first question.
  const made = build?.status === 'succeeded' ? await deps.store.releases.coveringStart(service.name, start) : found;
  for (const one of made.values()) return { release: one };
  throw noRelease(`No release of ${service.name} covers the commit ${start}.`, decision);
}

/** The build of a commit: its own, or the one that was decided on for it. */
async function buildOf(service: string, commit: string, decided: string | null, { store }: DeployDeps) {
  const [own = null] = (await store.builds.page({ service, commit, limit: 1, cursor: null })).items;
  return own ?? (decided === null ? null : store.builds.get(decided));
}

async function ofVersion({ name }: Service, version: string, { store }: DeployDeps): Promise<Resolved> {
  const release = await releaseOfVersion(name, version, store);
  if (release !== null) return { release };
  throw noRelease(`No release of ${name} has the version or git tag ${JSON.stringify(version)}.`);
}

async function desiredIn({ name }: Service, from: string, deps: DeployDeps): Promise<Resolved> {
  const environment = environmentOf(from, deps);
  const desired = await deps.store.deployments.desired(environment.name, name);
  if (desired === null) throw noRelease(`Nothing of ${name} was deployed in ${from}.`);
  return { release: await releaseOf(name, desired.release.number, deps) };
}
