import type { Plan, PlanCall } from './contract.js';
import { SlipwayError } from '../errors.js';
import type { RemoteRefs } from '../git/contract.js';
import type { Decision } from '../model/decision.js';
import type { Service } from '../model/service.js';
import type { Warning } from '../model/warning.js';
import type { QueueDeps } from '../queue/deps.js';
import { driftWarnings } from '../decide/drift-warnings.js';
import { evaluate, evaluateHypothetically } from '../decide/evaluate.js';
import { unfetchedWarnings } from '../decide/unfetched-warnings.js';
import { versionWarnings } from '../decide/version-warnings.js';
import { openPackaging } from '../decide/packaging-reader.js';
import { branchRef } from '../git-ref.js';
import { resolveCommit } from './revision.js';

/** The decisions that a push would get now; nothing is recorded and nothing built. */
export async function plan(call: PlanCall, deps: QueueDeps): Promise<Plan> {
  const { repository, branch } = call;
  const services = servicesOf(repository, deps);
  const mirror = deps.git.mirror(services[0].repository);
  const refs = await mirror.remote.refs();
  await mirror.remote.fetch([...refs.heads.values()]);
  const head =
    call.head === null ? tipOf(branch, repository, refs) : await resolveCommit(call.head, repository, mirror);
  const base = call.base === null ? null : await resolveCommit(call.base, repository, mirror);
  await mirror.remote.fetch([head]);
  const packaging = await openPackaging(deps);
  const decisions: Decision[] = [];
  const warnings: Warning[] = [];
  const at = { commit: head, branch };
  for (const service of services) {
    const request = { service, ref: branchRef(branch), head, forced: null };
    const { decision, circles, artifact } =
      base === null
        ? await evaluate(request, packaging, deps)
        : await evaluateHypothetically({ ...request, base }, packaging, deps);
    decisions.push(decision);
    warnings.push(
      ...circles.map((message) => ({ service: service.name, message })),
      ...(await driftWarnings(service, at, packaging, deps.reading)),
      ...(await unfetchedWarnings(service, at, packaging, deps.reading)),
    );
    if (decision.decision === 'build')
      warnings.push(...(await versionWarnings(service, head, artifact?.version ?? null, deps)));
  }
  return { decisions, warnings };
}

/** The services that use the repository, at least one. `unknown-repository`. */
export function servicesOf(
  repository: string,
  { services }: Pick<QueueDeps, 'services'>,
): readonly [Service, ...Service[]] {
  const named = repository.toLowerCase();
  const [first, ...others] = [...services().values()].filter((service) => service.repository.toLowerCase() === named);
  if (first) return [first, ...others];
  throw new SlipwayError('unknown-repository', `No service uses the repository ${JSON.stringify(repository)}.`);
}

/** The commit that the branch names on its host. `unknown-revision`. */
export function tipOf(branch: string, repository: string, refs: RemoteRefs): string {
  const tip = refs.heads.get(branch);
  if (tip !== undefined) return tip;
  throw new SlipwayError('unknown-revision', `${repository} has no branch ${JSON.stringify(branch)}.`);
}
