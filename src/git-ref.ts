/** A branch or a git tag, by its short name. */
export interface Ref {
  readonly kind: 'branch' | 'tag';
  readonly name: string;
}

const headsPrefix = 'refs/heads/';
const tagsPrefix = 'refs/tags/';

export const branchRef = (name: string): Ref => ({ kind: 'branch', name });
export const tagRef = (name: string): Ref => ({ kind: 'tag', name });

/** The ref that a full name means, as git and GitHub write it; null if it is neither a branch nor a tag. */
export function parseFullRef(fullName: string): Ref | null {
  if (fullName.startsWith(headsPrefix)) return branchRef(fullName.slice(headsPrefix.length));
  return fullName.startsWith(tagsPrefix) ? tagRef(fullName.slice(tagsPrefix.length)) : null;
}

/** The ref under which GitHub keeps the head of a pull request, forks included. */
export const pullRequestRef = (number: number): string => `refs/pull/${number}/head`;

/** The number of the pull request that a full name means, or null. */
export function pullRequestNumber(fullName: string): number | null {
  const number = /^refs\/pull\/([1-9]\d{0,9})\/head$/.exec(fullName)?.[1];
  return number === undefined ? null : Number(number);
}

/** `refs/heads/NAME` or `refs/tags/NAME`. */
export const fullRefName = ({ kind, name }: Ref): string => `${kind === 'tag' ? tagsPrefix : headsPrefix}${name}`;

/** The ref that the field `branch` of the API and of stored rows means: `NAME` for a branch, `refs/tags/NAME` for a tag. */
export const parseRef = (branch: string): Ref =>
  branch.startsWith(tagsPrefix) ? tagRef(branch.slice(tagsPrefix.length)) : branchRef(branch);

/** How the field `branch` of the API and of stored rows names a ref. */
export const formatRef = (ref: Ref): string => (ref.kind === 'tag' ? fullRefName(ref) : ref.name);

/** Whether the field `branch` names a tag. */
export const isTag = (branch: string): boolean => parseRef(branch).kind === 'tag';
