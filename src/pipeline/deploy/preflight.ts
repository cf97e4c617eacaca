import { SlipwayError } from '../../errors.js';
import type { ContainerSummary } from '../../model/container.js';
import type { HostWork, Target } from './host-work.js';
import { requireFreePorts } from './free-ports.js';
import { lookAmong } from './look-at-pair.js';
import { whileReached } from './persist.js';
import { requireKnown } from './require-known.js';
import { wantedOn } from './side.js';
import { verifiedPort } from './version-url.js';
import { whileItPasses } from './while-it-passes.js';

/**
 * Everything that can be known before the first change: that each host takes the target, and that the registry has its image where a host
 * has to pull it. Nothing is changed. Fails with `owned-by-other`, `port-in-use`, `run-file-invalid` or `registry-refused`; or as hosts and
 * registry do.
 */
export async function preflight(target: Target, works: readonly HostWork[]): Promise<void> {
  const { verify, parameters } = target.specification;
  if (verify !== null) verifiedPort(parameters, verify);
  const pulls = await Promise.all(works.map((work) => whileReached(work, () => checkHost(target, work))));
  const [first] = works;
  if (first !== undefined && pulls.includes(true)) await requireImage(target, first);
}

/** Resolves with whether the host has to pull the image. */
async function checkHost(target: Target, work: HostWork): Promise<boolean> {
  const { host, deps } = work;
  const listed = await host.containers.list();
  requireOwnership(target, listed, work);
  await requireFreePorts(target, listed, work);
  const { spec } = wantedOn(host.name, target, deps.labels);
  const [present, image] = await Promise.all([
    lookAmong(listed, host, target, deps.labels),
    host.images.find(target.specification.image),
  ]);
  await requireKnown(present, work);
  return image === null && !present.some((one) => one.spec === spec);
}

/** The same service in the same environment belongs to one instance of Slipway. */
function requireOwnership({ environment, service }: Target, listed: readonly ContainerSummary[], work: HostWork): void {
  const { host, deps } = work;
  const stranger = listed.find(
    ({ id, name, labels }) =>
      labels['dev.slipway.environment'] === environment &&
      deps.labels.present(labels['dev.slipway.service'] ?? '') === service &&
      labels['dev.slipway.instance'] !== undefined &&
      deps.labels.read({ id, name, labels }) === null,
  );
  if (stranger === undefined) return;
  const ours = deps.labels.names(stranger);
  const whose = ours
    ? 'names this instance of Slipway, which did not make it'
    : 'belongs to another instance of Slipway';
  throw new SlipwayError('owned-by-other', `Host ${host.name}: the container ${stranger.name} ${whose}.`, {
    extra: { host: host.name },
  });
}

/** Waits for a registry that is away until `timeouts.pull`. */
async function requireImage({ specification: { image } }: Target, { attempt, deps }: HostWork): Promise<void> {
  const { clock, registry } = deps;
  const { signal, environment, notes } = attempt;
  const [name = '', digest = ''] = image.split('@');
  const repository = name.slice(name.indexOf('/') + 1);
  const patience = { limit: environment.timeouts.pull, clock, signal, ...notes.waits(null) };
  if ((await whileItPasses(patience, () => registry.manifest(repository, digest))) !== null) return;
  throw new SlipwayError('registry-refused', `The registry does not have ${image} any more.`);
}
