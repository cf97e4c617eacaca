import { isTag } from '../git-ref.js';
import type { ServiceGraph } from './contract.js';
import { SlipwayError } from '../errors.js';
import type { BaseEdge } from '../model/base-edge.js';
import type { Service } from '../model/service.js';
import { graphOf } from '../decide/graph.js';
import type { QueueDeps } from '../queue/deps.js';
import { openPackaging, type PackagingReader } from '../decide/packaging-reader.js';
import { baseEdges, branchByTag } from '../decide/bases.js';

type Fault = ServiceGraph['faults'][number];
type Part = { readonly edges: readonly BaseEdge[]; readonly faults: readonly Fault[] };

/** Repositories asked in parallel. */
const MAX_PARALLEL_REPOSITORIES = 4;

/** Reads the Dockerfile of every service at the heads of its branches. If a host does not answer, uses the newest decisions. */
export async function graph(deps: QueueDeps): Promise<ServiceGraph> {
  const services = [...deps.services().values()];
  const packaging = await openPackaging(deps);
  const parts = await partsOf([...new Set(services.map(({ repository }) => repository))], packaging, deps);
  const edges = parts.flatMap((part) => part.edges);
  const { order, cycles } = graphOf(edges);
  const height = new Map(order.map((name, index) => [name, index]));
  const place = ({ name }: Service) => height.get(name) ?? order.length;
  const sorted = services.sort((a, b) => place(a) - place(b) || (a.name < b.name ? -1 : 1));
  return {
    services: sorted.map(({ name, repository, image, cascade }) => ({ name, repository, image, cascade })),
    edges: edges.sort((a, b) => (height.get(a.service) ?? 0) - (height.get(b.service) ?? 0)),
    cycles,
    faults: parts.flatMap((part) => part.faults),
  };
}

async function partsOf(repositories: string[], packaging: PackagingReader, deps: QueueDeps): Promise<Part[]> {
  const parts: Part[] = [];
  const work = async (): Promise<void> => {
    for (let next = repositories.shift(); next !== undefined; next = repositories.shift())
      parts.push(await ofRepository(next, packaging, deps));
  };
  await Promise.all(Array.from({ length: MAX_PARALLEL_REPOSITORIES }, work));
  return parts;
}

async function ofRepository(repository: string, packaging: PackagingReader, deps: QueueDeps): Promise<Part> {
  const edges: BaseEdge[] = [];
  const faults: Fault[] = [];
  const attempt = async <T>(service: string, branch: string | null, work: () => Promise<T>): Promise<T | null> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof SlipwayError)) throw error;
      faults.push({ service, branch, message: error.message });
      return null;
    }
  };
  const members = [...deps.services().values()].filter((service) => service.repository === repository);
  const { remote } = deps.git.mirror(repository);
  const refs = await attempt(members[0]?.name ?? '', null, () => remote.refs());
  for (const service of members) {
    for (const [branch, head] of await headsOf(service, refs?.heads ?? null, deps)) {
      const found = await attempt(service.name, branch, async () => {
        await remote.fetch([head]);
        const { images } = await packaging.at(service, head, branch);
        return baseEdges(service.name, branch, images, { ...deps, branchOf: branchByTag(deps) });
      });
      edges.push(...(found ?? []));
    }
  }
  return { edges, faults };
}

/** The branches that the service names literally or that have decisions, with their tips. */
async function headsOf(
  service: Service,
  tips: ReadonlyMap<string, string> | null,
  { store }: QueueDeps,
): Promise<ReadonlyMap<string, string>> {
  const decided = (await store.decisions.branches(service.name)).filter((name) => !isTag(name));
  const heads = new Map<string, string>();
  for (const branch of new Set([...service.literalBranches, ...decided])) {
    const head = tips ? tips.get(branch) : (await store.decisions.newest(service.name, branch))?.head;
    if (head) heads.set(branch, head);
  }
  return heads;
}
