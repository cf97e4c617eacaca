import type { RemoteRefs } from '../../git/contract.js';
import type { Look } from '../../model/look.js';
import type { Service } from '../../model/service.js';
import type { LookDeps } from './deps.js';
import { formatRef, tagRef, type Ref } from '../../git-ref.js';
import { targetOf, type Target } from './targets.js';
import { createTurns } from '../../in-turns.js';

type Deps = Pick<LookDeps, 'store'>;

/** What holding a name against the patterns of one service costs, in characters of a loop over texts. */
const SERVICE_CHARACTERS = 64;

const isSweep = ({ trigger, ref, services }: Look): boolean =>
  trigger.kind === 'sweep' && ref === null && services === null;

/**
 * The git tags that the sweep finds and no decision has seen. GitHub sends no event for a push of more than three tags, and webhooks get
 * lost. A tag is new if it was absent, or at another commit, at the last sweep of the repository. Tags found by the first sweep, and tags
 * that an earlier `gitTags` skipped, stay unbuilt: neither a first start nor a new pattern builds years of releases.
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
  const nextTurn = createTurns();
  for (const [name, head] of refs.tags) {
    const turn = nextTurn(services.length * SERVICE_CHARACTERS);
    if (turn) await turn;
    if (seen.get(name) === head) continue;
    targets.push(...(await targetsOfTag(tagRef(name), head, { look, services, store })));
  }
  return targets;
}

async function targetsOfTag(
  ref: Ref,
  head: string,
  {
    look,
    services,
    store,
  }: { readonly look: Look; readonly services: readonly Service[]; readonly store: Deps['store'] },
): Promise<readonly Target[]> {
  const targets: Target[] = [];
  for (const service of services.filter(({ gitTags }) => gitTags.some((pattern) => pattern.matches(ref.name)))) {
    const newest = await store.decisions.newest(service.name, formatRef(ref), head);
    if (newest?.head !== head) targets.push(targetOf(service, ref, head, look.trigger));
  }
  return targets;
}

/**
 * Remembers the tags that a sweep has seen, but for those that could not be decided on. Called after its decisions are recorded, so that an
 * interrupted sweep finds them again.
 */
export async function rememberTags(
  look: Look,
  services: readonly Service[],
  all: RemoteRefs['tags'],
  failed: readonly Target[],
  { store }: Deps,
): Promise<void> {
  const [first] = services;
  if (!first || !isSweep(look)) return;
  const undecided = new Set(failed.map(({ branch }) => branch));
  const tags = new Map([...all].filter(([name]) => !undecided.has(formatRef(tagRef(name)))));
  const seen = await store.seenTags.of(first.repository);
  const same = seen?.size === tags.size && [...tags].every(([name, commit]) => seen.get(name) === commit);
  if (!same) await store.seenTags.remember(first.repository, tags);
}
