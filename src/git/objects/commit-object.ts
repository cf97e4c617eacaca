export interface CommitObject {
  readonly tree: string;
  readonly parents: readonly string[];
  /** Committer time, seconds since the epoch. */
  readonly time: number;
  /** Null if it is not in UTF-8 and git has to convert it. */
  readonly message: string | null;
}

/** Parses a commit object: header lines, an empty line, the message. Null if it is invalid. */
export function parseCommitObject(commit: Buffer): CommitObject | null {
  const end = commit.indexOf('\n\n');
  const head = commit.toString('latin1', 0, end < 0 ? commit.length : end);
  // Lines that begin with a blank continue the previous one, mostly in signatures.
  const lines = head.split('\n').filter((line) => !line.startsWith(' '));
  const valuesOf = (name: string) =>
    lines.flatMap((line) => (line.startsWith(`${name} `) ? [line.slice(name.length + 1)] : []));
  const [tree] = valuesOf('tree');
  const time = / (\d+) [+-]\d+$/.exec(valuesOf('committer')[0] ?? '')?.[1];
  if (tree === undefined || time === undefined) return null;
  const text = end < 0 ? '' : commit.toString('utf8', end + 2);
  const plain = valuesOf('encoding').length === 0 && !text.includes('\0');
  return { tree, parents: valuesOf('parent'), time: Number(time), message: plain ? text : null };
}
