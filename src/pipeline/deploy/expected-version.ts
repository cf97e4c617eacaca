import type { Verify } from '../../model/run-file.js';

/** By what a release may name itself. */
export interface VersionNames {
  /** Version tags of the image's digest. */
  readonly tags: readonly string[];
  /** Commits that the image was built from or covers. */
  readonly commits: readonly string[];
  /** The official version; null if none is known. */
  readonly version: string | null;
}

/** What a container has to answer. */
export interface ExpectedVersion {
  /** For people. */
  readonly text: string;
  fits(answer: string): boolean;
}

/** What the name of a rebuilt image ends in. */
const rebuildSuffix = /-r[1-9]\d*$/;
const abbreviatedCommit = /^[0-9a-f]{7,64}$/;

const withoutSuffix = (tag: string): string => tag.replace(rebuildSuffix, '');

/** What `verify.expect` means for a release. */
export function expectedVersion(
  expect: Verify['expect'] = 'tag',
  { tags, commits, version }: VersionNames,
): ExpectedVersion {
  if (expect === 'tag') {
    const names = new Set([...tags, ...tags.map(withoutSuffix)]);
    return { text: tags[0] ?? 'a version tag of the image', fits: (answer) => names.has(answer) };
  }
  if (expect === 'commit') {
    const fits = (answer: string) => {
      const id = answer.toLowerCase();
      return abbreviatedCommit.test(id) && commits.some((commit) => commit.startsWith(id));
    };
    return { text: commits[0] ?? 'a commit of the image', fits };
  }
  const text = expect === 'version' ? version : expect;
  return { text: text ?? 'an official version', fits: (answer) => answer === text };
}
