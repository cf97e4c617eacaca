import type { RemoteRefs } from '../../git/contract.js';
import { parseFullRef, type Ref } from '../../git-ref.js';
import type { Look } from '../../model/look.js';
import type { LookDeps } from './deps.js';
import type { SharedView } from './shared-view.js';

/** What the host holds under the ref of a look. */
export interface FoundRef {
  /** Null: neither a branch nor a tag. */
  readonly ref: Ref | null;
  /** The commit. Null: the host has no such branch or tag. */
  readonly tip: string | null;
  /** What the ref itself holds: the commit or, for an annotated tag, the tag object. */
  readonly held: string | null;
}

/** Null for a look at no ref in particular. */
export function foundRef(look: Look, { heads, tags, tagIds }: RemoteRefs): FoundRef | null {
  if (look.ref === null) return null;
  const ref = parseFullRef(look.ref);
  if (ref === null) return { ref, tip: null, held: null };
  if (ref.kind === 'tag') return { ref, tip: tags.get(ref.name) ?? null, held: tagIds.get(ref.name) ?? null };
  const tip = heads.get(ref.name) ?? null;
  return { ref, tip, held: tip };
}

/** False for a tag of a tree or a file, which has no image. A branch holds nothing but commits. */
export async function namesCommit(
  { ref, tip }: FoundRef,
  repository: string,
  sharedView: SharedView,
  { git }: Pick<LookDeps, 'git'>,
): Promise<boolean> {
  if (ref?.kind !== 'tag' || tip === null) return true;
  await sharedView.bring(repository, tip);
  const type = await git.mirror(repository).history.typeOf(tip);
  return type === null || type === 'commit';
}
