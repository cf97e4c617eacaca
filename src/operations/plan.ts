import type { PlanCall } from '../api/contract.js';
import { SlipwayError } from '../errors.js';
import type { RemoteRefs } from '../git/contract.js';
import type { Decision } from '../model.js';
import type { PipelineDeps } from '../pipeline/deps.js';
import { evaluateHypothetically } from '../pipeline/evaluate.js';
import { openPackaging } from '../pipeline/packaging-facts.js';
import { resolveCommit } from './revision.js';

/** The decisions that a push would get now; nothing is recorded and nothing built. */
export async function plan(call: PlanCall, deps: PipelineDeps): Promise<readonly Decision[]> {
  const { repository, branch } = call;
  const services = [...deps.services().values()].filter(
    (service) => service.repository.toLowerCase() === repository.toLowerCase(),
  );
  const [first] = services;
  if (!first)
    throw new SlipwayError('unknown-repository', `No service uses the repository ${JSON.stringify(repository)}.`);
  const mirror = deps.git.mirror(first.repository);
  const refs = await mirror.remote.refs();
  await mirror.remote.fetch([...refs.heads.values()]);
  const head =
    call.head === null ? tipOf(branch, repository, refs) : await resolveCommit(call.head, repository, mirror);
  const base = call.base === null ? null : await resolveCommit(call.base, repository, mirror);
  await mirror.remote.fetch([head]);
  const packaging = await openPackaging(deps);
  const decisions: Decision[] = [];
  for (const service of services) {
    const request = { service, branch, head, base, forced: null };
    decisions.push((await evaluateHypothetically(request, packaging, deps)).decision);
  }
  return decisions;
}

function tipOf(branch: string, repository: string, refs: RemoteRefs): string {
  const tip = refs.heads.get(branch);
  if (tip !== undefined) return tip;
  throw new SlipwayError('unknown-revision', `${repository} has no branch ${JSON.stringify(branch)}.`);
}
