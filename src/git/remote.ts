import type { Remote, RemoteRefs } from './contract.js';
import { decodeName } from './names.js';
import type { Workshop } from './workshop.js';

/** Reads the answer of `git ls-remote --symref`, or `git show-ref --dereference` of a mirror. A tag of anything but a commit is listed with the id of what it names. */
export function parseRefs(answer: string): RemoteRefs {
  const heads = new Map<string, string>();
  const tags = new Map<string, string>();
  const tagIds = new Map<string, string>();
  let defaultBranch: string | null = null;
  for (const line of answer.split('\n')) {
    const [, value = '', ref = ''] = /^(ref: [^\t]+|[0-9a-f]+)[\t ](.+)$/s.exec(line) ?? [];
    if (ref === 'HEAD') {
      if (value.startsWith('ref: refs/heads/')) defaultBranch = value.slice('ref: refs/heads/'.length);
    } else if (ref.startsWith('refs/heads/')) heads.set(ref.slice('refs/heads/'.length), value);
    // The commit of an annotated tag comes on the line after the tag's own.
    else if (ref.startsWith('refs/tags/')) {
      const name = ref.slice('refs/tags/'.length).replace(/\^\{\}$/, '');
      tags.set(name, value);
      if (!ref.endsWith('^{}')) tagIds.set(name, value);
    }
  }
  return { defaultBranch, heads, tags, tagIds };
}

export function createRemote(workshop: Workshop): Remote {
  return {
    async refs() {
      return parseRefs(
        decodeName(await workshop.ask('Asking for the references', ['ls-remote', '--quiet', '--symref', 'origin'])),
      );
    },
    async fetch(wanted) {
      const listed = await workshop.fetchCommits(wanted);
      return listed && parseRefs(decodeName(listed));
    },
  };
}
