import type { RemoteRefs } from './contract.js';

/** Lists the host's references, for `parseRefs`. */
export const askingTheHost = ['ls-remote', '--quiet', '--symref', 'origin'];

/** Reads the answer of `git ls-remote --symref`. A tag of anything but a commit is listed with the id of what it names. */
export function parseRefs(answer: string): RemoteRefs {
  const heads = new Map<string, string>();
  const tags = new Map<string, string>();
  const tagIds = new Map<string, string>();
  let defaultBranch: string | null = null;
  for (const line of answer.split('\n')) {
    const tab = line.indexOf('\t');
    const value = line.slice(0, tab);
    const ref = line.slice(tab + 1);
    if (tab < 0) continue;
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

/** Lists the mirror's own references, for `parseOwnRefs`. */
export const askingTheMirror = [
  'for-each-ref',
  '--format=%(objectname) %(*objectname) %(*objecttype) %(refname)',
  'refs/heads',
  'refs/tags',
];

/** Null where the list does not tell all that the host would: the object behind a tag of a tag. */
export function parseOwnRefs(listed: string, defaultBranch: string): RemoteRefs | null {
  const heads = new Map<string, string>();
  const tags = new Map<string, string>();
  const tagIds = new Map<string, string>();
  for (const line of listed.split('\n').slice(0, -1)) {
    const [id = '', behind = '', type, ...rest] = line.split(' ');
    const ref = rest.join(' ');
    if (type === 'tag') return null;
    if (ref.startsWith('refs/heads/')) heads.set(ref.slice('refs/heads/'.length), id);
    else if (ref.startsWith('refs/tags/')) {
      const name = ref.slice('refs/tags/'.length);
      tags.set(name, behind === '' ? id : behind);
      tagIds.set(name, id);
    }
  }
  return { defaultBranch, heads, tags, tagIds };
}
