import type { RemoteRefs } from '../git/contract.js';
import type { Look } from '../model.js';
import type { PipelineDeps } from './deps.js';
import { openPackaging, type PackagingReader } from './packaging-facts.js';

/**
 * What can be seen of git hosts at one moment. Looks that are worked on together share one, so that what they have in common is asked
 * once; whatever comes after that moment has a look of its own, which sees it.
 */
export interface Sight {
  /**
   * References of the looks' repository, at least as new as what the looks speak of; `whole`: with its default branch, which may cost
   * another question. Fails as the git host does.
   */
  refs(repository: string, extent: 'branches' | 'whole'): Promise<RemoteRefs>;
  packaging(): Promise<PackagingReader>;
  /** Sees to it that the commit is in the mirror, where it can be had. */
  bring(repository: string, commit: string): Promise<void>;
}

/** What the looks, all at one repository, share. */
export function openSight(looks: readonly Look[], deps: Pick<PipelineDeps, 'git' | 'central' | 'engine'>): Sight {
  const mirror = (repository: string) => deps.git.mirror(repository);
  const announced = looks.flatMap(({ ref, after }) => (ref !== null && after !== null ? [after] : []));
  // What a fetch of references has brought is not asked for again.
  const there = new Set<string>();
  const fetch = once(async (repository) => {
    const brought = await mirror(repository).remote.fetch([...new Set(announced)]);
    for (const tip of tipsOf(brought)) there.add(`${repository} ${tip}`);
    return brought;
  });
  return {
    refs: once(async (repository, extent) => {
      // The commits first, the references then: they are at least as new as what the pushes spoke of.
      const brought = announced.length > 0 ? await fetch(repository) : null;
      return (extent === 'branches' ? brought : null) ?? mirror(repository).remote.refs();
    }),
    packaging: once(() => openPackaging(deps)),
    bring: once(async (repository, commit) => {
      if (!there.has(`${repository} ${commit}`)) await mirror(repository).remote.fetch([commit]);
    }),
  };
}

const tipsOf = (refs: RemoteRefs | null): readonly string[] => [
  ...(refs?.heads.values() ?? []),
  ...(refs?.tags.values() ?? []),
];

function once<Words extends string[], Answer>(
  ask: (...words: Words) => Promise<Answer>,
): (...words: Words) => Promise<Answer> {
  const answers = new Map<string, Promise<Answer>>();
  return (...words) => {
    const key = words.join(' ');
    const answer = answers.get(key) ?? ask(...words);
    answers.set(key, answer);
    return answer;
  };
}
