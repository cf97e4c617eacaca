import type { PackagingReader } from '../decide/packaging-reader.js';
import { SlipwayError } from '../errors.js';
import type { Environment } from '../model/environment.js';
import type { Release } from '../model/release.js';
import type { Verify } from '../model/run-file.js';
import type { Service } from '../model/service.js';
import type { Warning } from '../model/warning.js';
import type { QueueDeps } from '../queue/deps.js';
import { specify } from '../specification/specify.js';

/** Either gives an image a version that a container can answer with. */
const versionArgs = ['SLIPWAY_VERSION', 'SLIPWAY_COMMIT'];

type Deps = Pick<QueueDeps, 'store' | 'reading' | 'git' | 'registryHost'> & {
  readonly environments: () => ReadonlyMap<string, Environment>;
};

/**
 * Warns where the newest release of a service is to answer with its tag or commit, and its Dockerfile takes neither from Slipway. An artifact
 * may bring them. What cannot be read is not warned of.
 */
export async function versionArgWarnings(
  service: Service,
  packaging: Pick<PackagingReader, 'at'>,
  deps: Deps,
): Promise<readonly Warning[]> {
  if (service.deploy === null || service.artifact !== null) return [];
  const [release] = (await deps.store.releases.page({ service: service.name, limit: 1, cursor: null })).items;
  if (release === undefined || !(await lacksVersion(service, release, packaging, deps))) return [];
  const places = new Map<string, string[]>();
  for (const name of service.deploy.environments) {
    const expect = await expectIn(name, service, release, deps);
    if (expect !== null) places.set(expect, [...(places.get(expect) ?? []), name]);
  }
  return [...places].map(([expect, names]) => ({ service: service.name, message: textOf(expect, names) }));
}

const textOf = (expect: string, environments: readonly string[]): string =>
  `in ${environments.join(', ')} a container is to answer with its ${expect} (\`verify.expect\`), which it cannot know: ` +
  `the Dockerfile declares neither ${versionArgs.join(' nor ')} as ARG`;

async function lacksVersion(
  service: Service,
  { commit, branch }: Release,
  packaging: Pick<PackagingReader, 'at'>,
  { git }: Deps,
): Promise<boolean> {
  try {
    if (!(await git.mirror(service.repository).history.has(commit))) return false;
    const { args } = await packaging.at(service, commit, branch);
    return args !== null && !versionArgs.some((arg) => args.includes(arg));
  } catch (error) {
    if (error instanceof SlipwayError) return false;
    throw error;
  }
}

/** Null: it is not asked, or for something else. */
async function expectIn(
  name: string,
  { deploy }: Service,
  release: Release,
  deps: Deps,
): Promise<'tag' | 'commit' | null> {
  const environment = deps.environments().get(name);
  if (environment === undefined || deploy === null) return null;
  const { specification } = await specify({ release, environment, deploy }, deps);
  const verify: Verify | null = specification?.verify?.reveal() ?? null;
  if (verify === null) return null;
  const expect = verify.expect ?? 'tag';
  return expect === 'tag' || expect === 'commit' ? expect : null;
}
