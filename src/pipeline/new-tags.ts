import { createBreather } from '../breathe.js';
import type { RemoteRefs } from '../git/contract.js';
import type { Look, Service } from '../model.js';
import type { PipelineDeps } from './deps.js';
import { TAG_REF, type Target } from './targets.js';

type Deps = Pick<PipelineDeps, 'store'>;

/** What holding a name against the patterns of one service costs, in characters of a loop over texts. */
const SERVICE_SIZE = 64;

const isSweep = ({ trigger, ref, services }: Look): boolean =>
  trigger.kind === 'sweep' && ref === null && services === null;

/**
 * The git tags that the sweep finds and that no decision has seen: GitHub sends no event for a push of more than three tags, and webhooks
 * get lost. New is a tag that was not there, or at another commit, when the repository was last swept. Tags that a first sweep finds are
 * older than Slipway's interest in the repository, and tags that were passed over once (by other `gitTags`) stay so: neither a first start
 * nor a new pattern builds years of releases.
 */
export async function newTagTargets(
  look: Look,
  services: readonly Service[],
  refs: RemoteRefs,
  { store }: Deps,
): Promise<readonly Target[]> {
  const [first] = services;
  const seen = first && isSweep(look) ? await store.seenTags.of(first.repository) : null;
  if (seen === null) return [];
  const targets: Target[] = [];
  const breathe = createBreather();
  for (const [name, head] of refs.tags) {
    const pause = breathe(services.length * SERVICE_SIZE);
    if (pause) await pause;
    if (seen.get(name) === head) continue;
    targets.push(...(await targetsOf({ name, head }, look, services, store)));
  }
  return targets;
}

async function targetsOf(
  { name, head }: { readonly name: string; readonly head: string },
  { trigger }: Look,
  services: readonly Service[],
  store: Deps['store'],
): Promise<readonly Target[]> {
  const branch = `${TAG_REF}${name}`;
  const targets: Target[] = [];
  for (const service of services.filter(({ gitTags }) => gitTags.some((pattern) => pattern.matches(name)))) {
    const newest = await store.decisions.newest(service.name, branch, head);
    if (newest?.head !== head) targets.push({ service, branch, head, trigger, viaCentral: false });
  }
  return targets;
}

/** Remembers the tags that a sweep has seen, once its decisions are recorded: what is cut off before is found again by the next. */
export async function rememberTags(
  look: Look,
  services: readonly Service[],
  tags: RemoteRefs['tags'],
  { store }: Deps,
): Promise<void> {
  const [first] = services;
  if (!first || !isSweep(look)) return;
  const seen = await store.seenTags.of(first.repository);
  const same = seen?.size === tags.size && [...tags].every(([name, commit]) => seen.get(name) === commit);
  if (!same) await store.seenTags.remember(first.repository, tags);
}
