import { openPackaging } from '../../decide/packaging-reader.js';
import { releaseOn } from '../../decide/release-on.js';
import { SlipwayError } from '../../errors.js';
import type { Desired } from '../../model/deployment.js';
import type { Environment } from '../../model/environment.js';
import type { Claim } from '../../model/observation.js';
import { noRunFileHash, type LostRelease, type Release } from '../../model/release.js';
import type { Service } from '../../model/service.js';
import { releaseSpecification, type ReleaseSpecification } from '../../pipeline/deploy/release-specification.js';
import { keptRunFile } from '../../queue/releases.js';
import { runFileAt } from '../../queue/run-file-at.js';
import type { Wanted } from '../../specification/request.js';
import type { DeployDeps } from './deps.js';
import { noRelease } from './no-release.js';

/**
 * The containers that are seen to run of a service in an environment; with `force`, also those that only claim to be ours. If the database
 * does not know some of them, only those. Fails with `no-release` if there are none or they are of several releases, and with `owned-by-other` if there are only such that claim it.
 */
export function observedRunning(
  service: string,
  { name, hosts }: Environment,
  force: boolean,
  desired: Desired | null,
  { observations, specOn }: DeployDeps,
): readonly Claim[] {
  const seen = [...hosts.keys()]
    .map((host) => observations.of(name, host))
    .flatMap((known) =>
      known?.reachable === true && known.seen !== null ? [{ ...known.seen, host: known.host }] : [],
    );
  const own = seen
    .flatMap((on) => on.own.map((one) => ({ ...one, release: releaseOn(on.host, one, desired, specOn) })))
    .filter((one) => one.service === service && isRunning(one.state.status));
  const claiming = seen
    .flatMap((host) => host.foreign)
    .filter(({ claim, state }) => claim?.service === service && isRunning(state));
  const unknown: readonly Claim[] = [
    ...own.filter(({ known }) => !known),
    ...(force ? claiming.flatMap(({ claim }) => claim ?? []) : []),
  ];
  // What is not known is what keeps every deployment from going on.
  const running = unknown.length > 0 ? unknown : own;
  const releases = [...new Set(running.map(({ release }) => release))].sort((a, b) => a - b);
  if (releases.length > 1) {
    const several = `The hosts of ${name} run several releases of ${service} (${releases.join(', ')})`;
    throw noRelease(unknown.length > 0 ? `${several}: stop all but one by hand.` : `${several}: deploy one of them.`);
  }
  if (running.length > 0) return running;
  const [first] = claiming;
  if (first === undefined) throw noRelease(`No host of ${name} is seen to run ${service}.`);
  throw new SlipwayError(
    'owned-by-other',
    `${first.name} names this instance of Slipway, which did not make it. Say \`force\` to take it.`,
  );
}

/** Also one that crashes again and again: it is in the way of a deployment. */
const isRunning = (status: string): boolean => status === 'running' || status === 'restarting';

/**
 * The release that containers run: the one of their number, or another of the same image. One that the database has lost is made again, from
 * what the image says and git has. Fails with `no-release` if the image does not say enough, and as the git host does.
 */
export async function observedRelease(service: Service, running: readonly Claim[], deps: DeployDeps): Promise<Release> {
  const { releases } = deps.store;
  const number = running[0]?.release ?? 0;
  const digest = digestIn(running, `${deps.registryHost}/${service.image}@`);
  const known = await releases.get(service.name, number);
  if (known !== null && (digest === null || known.image.digest === digest)) return known;
  const lost = `Release ${number} of ${service.name} runs, and the database does not know it`;
  if (digest === null) throw noRelease(`${lost}. Its image is not of ${service.image}, or it is gone.`);
  const same = await releases.newestOfDigest(service.name, digest);
  // The number was given to another image since.
  if (known !== null && same !== null) return same;
  const facts = same === null ? await factsOf(service, digest, running, deps) : factsLike(same);
  if (facts === null) throw noRelease(`${lost}. Its image does not say from what it was built.`);
  const restored = await releases.restore({ ...facts, number: known === null ? number : null }, deps.clock.now());
  const release = await releases.get(service.name, restored ?? number);
  if (release !== null) return release;
  throw new SlipwayError('internal', `Release ${number} of ${service.name} was not stored.`);
}

/** The digest of that repository. */
function digestIn(running: readonly Claim[], prefix: string): string | null {
  const found = running.flatMap(({ digests }) => digests).find((digest) => digest.startsWith(prefix));
  return found === undefined ? null : found.slice(prefix.length);
}

type Facts = Omit<LostRelease, 'number'>;

/** Another release of the same image. */
function factsLike({ service, branch, commit, image, runFile, runFileHash: hash }: Release): Facts {
  return { service, branch, commit, image, runFile: { ...runFile, hash, texts: null } };
}

async function factsOf(
  service: Service,
  digest: string,
  running: readonly Claim[],
  deps: DeployDeps,
): Promise<Facts | null> {
  const [origin] = running.flatMap((one) => one.origin ?? []);
  if (origin === undefined) return null;
  const { commit, branch, version } = origin;
  await deps.git.mirror(service.repository).remote.fetch([commit]);
  const { runFile, texts } = await runFileAt(service, commit, await openPackaging(deps));
  return {
    service: service.name,
    branch,
    commit,
    image: { repository: service.image, digest, tags: version === null ? [] : [version] },
    runFile: await keptRunFile(runFile, texts, deps),
  };
}

/** What a release would be run with today. If its run file has faults, what runs has to tell without it. */
export async function specificationToAdopt(wanted: Wanted, deps: DeployDeps): Promise<ReleaseSpecification> {
  try {
    return await releaseSpecification(wanted, deps);
  } catch (thrown) {
    if (!(thrown instanceof SlipwayError) || !Array.isArray(thrown.extra['faults'])) throw thrown;
    const runFile = { source: 'none', path: null, commit: null, overlays: [] } as const;
    const release = { ...wanted.release, runFile, runFileHash: noRunFileHash };
    const { specification } = await releaseSpecification({ ...wanted, release }, deps);
    return { specification, warnings: [`the run file is not used: ${thrown.message}`] };
  }
}
