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

/**
 * Reads the mirror's own references, as `git for-each-ref` lists them in `ownFormat`. Null where that does not tell all that the host would:
 * the object behind a tag of a tag.
 */
function parseOwnRefs(listed: string, defaultBranch: string): RemoteRefs | null {
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

const ownFormat = '--format=%(objectname) %(*objectname) %(*objecttype) %(refname)';

interface Answer {
  readonly at: number;
  readonly refs: Promise<RemoteRefs>;
}

export function createRemote(workshop: Workshop, clock: Pick<Clock, 'now'>): Remote {
  let last: Answer | null = null;
  /** Which branch is the default one is not among what a fetch brings, and changes once in years. */
  let defaultBranch: string | null = null;

  async function askHost(): Promise<RemoteRefs> {
    const answer = await workshop.ask('Asking for the references', ['ls-remote', '--quiet', '--symref', 'origin']);
    const refs = parseRefs(decodeName(answer));
    ({ defaultBranch } = refs);
    return refs;
  }

  async function readOwn(known: string): Promise<RemoteRefs> {
    const listed = await workshop.read(['for-each-ref', ownFormat, 'refs/heads', 'refs/tags']);
    return (listed.code === 0 ? parseOwnRefs(decodeName(listed.stdout), known) : null) ?? askHost();
  }

  function keep(answer: Answer): Promise<RemoteRefs> {
    last = answer;
    answer.refs.catch(() => {
      if (last === answer) last = null;
    });
    return answer.refs;
  }

  return {
    refs(recent = 0) {
      const now = clock.now();
      const willDo = (at: number) => at <= now && now < at + recent;
      const fetched = workshop.followedAt;
      if (fetched !== null && fetched > (last?.at ?? 0) && defaultBranch !== null && willDo(fetched)) {
        return keep({ at: fetched, refs: readOwn(defaultBranch) });
      }
      return last !== null && willDo(last.at) ? last.refs : keep({ at: now, refs: askHost() });
    },
    fetch: (wanted) => workshop.fetchCommits(wanted),
  };
}
