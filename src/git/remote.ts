import type { Clock } from '../clock.js';
import type { Remote, RemoteRefs } from './contract.js';
import { decodeName } from './names.js';
import type { Workshop } from './workshop.js';

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

export function createRemote(workshop: Workshop, clock: Pick<Clock, 'now'>): Remote {
  let last: { readonly at: number; readonly answer: Promise<RemoteRefs> } | null = null;
  const ask = async () =>
    parseRefs(
      decodeName(await workshop.ask('Asking for the references', ['ls-remote', '--quiet', '--symref', 'origin'])),
    );
  return {
    refs(recent = 0) {
      const at = clock.now();
      if (last !== null && last.at <= at && at < last.at + recent) return last.answer;
      const asked = { at, answer: ask() };
      asked.answer.catch(() => {
        if (last === asked) last = null;
      });
      last = asked;
      return asked.answer;
    },
    fetch: (wanted) => workshop.fetchCommits(wanted),
  };
}
