import type { RemoteRefs } from '../contract.js';
import { parseFullRef } from '../../git-ref.js';
import { faultOf } from '../process/faults.js';
import { grouped } from '../../grouped.js';
import { MAX_REFERENCE_BYTES, MAX_REFERENCES, tooLarge } from '../output/limits.js';
import { decodeName } from '../../name-bytes.js';
import { takeRows, type TakeOutput } from '../output/rows.js';
import type { GitOutcome, Reading } from '../process/run-git.js';

/** Collects references one at a time. Fails with `repository-too-large` beyond the limits. */
export class ReferenceList implements RemoteRefs {
  defaultBranch: string | null = null;
  readonly heads = new Map<string, string>();
  readonly tags = new Map<string, string>();
  readonly tagIds = new Map<string, string>();
  #count = 0;
  #bytes = 0;

  /** `id`: what the reference holds. `peeled`: what a tag leads to, if known. Only branches and tags are kept. */
  add(ref: string, id: string, peeled: string | null): void {
    const parsed = parseFullRef(ref);
    if (!parsed) return;
    this.#count += 1;
    this.#bytes += ref.length;
    if (this.#count > MAX_REFERENCES || this.#bytes > MAX_REFERENCE_BYTES) {
      const limits = `${grouped(MAX_REFERENCES)}, or ${grouped(MAX_REFERENCE_BYTES)} bytes of names`;
      throw tooLarge(`The repository has more than ${grouped(this.#count - 1)} references; the limit is ${limits}.`);
    }
    if (parsed.kind === 'branch') this.heads.set(parsed.name, id);
    else {
      this.tags.set(parsed.name, peeled ?? id);
      this.tagIds.set(parsed.name, id);
    }
  }

  /** `target`: the reference that HEAD points to. */
  addHead(target: string | null): void {
    const parsed = target === null ? null : parseFullRef(target);
    this.defaultBranch = parsed?.kind === 'branch' ? parsed.name : null;
  }

  /** Sets what an annotated tag leads to. It was added before. */
  peel(ref: string, peeled: string): void {
    const parsed = parseFullRef(ref);
    if (parsed?.kind === 'tag') this.tags.set(parsed.name, peeled);
  }
}

/** Lists the host's references, for `takeRefs`. */
export const askingTheHost = ['ls-remote', '--quiet', '--symref', 'origin'];

/** Parses the output of `git ls-remote --symref`. A tag of anything but a commit is listed with the id of its object. */
export function takeRefs(list: ReferenceList): TakeOutput {
  return takeReferenceLines((line) => {
    const tab = line.indexOf('\t');
    const value = line.slice(0, tab);
    const ref = line.slice(tab + 1);
    if (tab < 0) return;
    if (ref === 'HEAD') {
      // HEAD has a line with its target, then one with its commit.
      if (value.startsWith('ref: ')) list.addHead(value.slice('ref: '.length));
    } else if (ref.endsWith(peeledMark)) list.peel(ref.slice(0, -peeledMark.length), value);
    else list.add(ref, value, null);
  });
}

const peeledMark = '^{}';

const askingTheMirror = [
  'for-each-ref',
  '--format=%(objectname) %(*objectname) %(*objecttype) %(refname)',
  'refs/heads',
  'refs/tags',
];

/**
 * The mirror's own references, listed through `read`. Null if that fails, or if they say less than the host would: the object behind a tag
 * of a tag.
 */
export async function ownRefs(
  read: (args: readonly string[], reading: Reading) => Promise<GitOutcome>,
  defaultBranch: string,
): Promise<RemoteRefs | null> {
  const list = new ReferenceList();
  let isAll = true;
  const begin = () =>
    takeReferenceLines((line) => {
      const [id = '', behind = '', type, ...rest] = line.split(' ');
      if (type === 'tag') isAll = false;
      list.add(rest.join(' '), id, behind === '' ? null : behind);
    });
  const listed = await read(askingTheMirror, { begin });
  list.defaultBranch = defaultBranch;
  return faultOf(listed) === null && isAll ? list : null;
}

const takeReferenceLines = (onLine: (line: string) => void): TakeOutput =>
  takeRows(0x0a, (row, isCut) => {
    if (isCut) throw tooLarge(`The repository has a reference whose name has more than ${grouped(row.length)} bytes.`);
    onLine(decodeName(row));
  });
