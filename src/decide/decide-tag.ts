import type { ReasonCode } from '../model/decision.js';
import { build, short, skip, type Verdict } from './verdict.js';

export interface TagFacts {
  /** The git tag's name, e.g. `v1.2.3`. */
  readonly gitTag: string;
  readonly commit: string;
  readonly configured: boolean;
  /** Why the build is forced, or null. */
  readonly forced: string | null;
  /** Commit of the image that the image tag already holds, or null. */
  readonly imageOf: string | null;
  /** Who else the image tag belongs to, e.g. `belongs to git tag 1.2.3`. Undefined: the git tag itself, or nobody. */
  readonly heldBy?: string;
  /** The image tag that the git tag stands for. */
  readonly imageTag: string;
  /** The service is built from artifacts and the commit has none. */
  readonly artifactMissing: boolean;
}

type Rule = (facts: TagFacts) => Verdict | null;

const isFree = ({ imageOf, heldBy }: TagFacts): boolean => imageOf === null && heldBy === undefined;

const forced: Rule = ({ forced: by }) => (by === null ? null : build('forced', by));

const tagNotConfigured: Rule = ({ configured, gitTag }) =>
  configured ? null : skip('branch-not-configured', `Git tag ${gitTag} is not among the service's gitTags.`);

const waitingForArtifact: Rule = (facts) => {
  if (!isFree(facts) || !facts.artifactMissing) return null;
  const message = `There is no artifact of ${short(facts.commit)}, which git tag ${facts.gitTag} names.`;
  return skip('waiting-for-artifact', message);
};

const tagIsFree: Rule = (facts) =>
  isFree(facts) ? build('git-tag', `Git tag ${facts.gitTag} asks for the image tag ${facts.imageTag}.`) : null;

const tagHoldsCommit: Rule = ({ imageOf, commit, imageTag }) =>
  imageOf === commit ? skip('no-change', `Image tag ${imageTag} already holds ${short(commit)}.`) : null;

const tagIsTaken = ({ gitTag, commit, imageOf, imageTag, heldBy }: TagFacts): Verdict => {
  const holds = imageOf === null ? [] : [`holds ${short(imageOf)}`];
  const held = [...(heldBy === undefined ? [] : [heldBy]), ...holds].join(' and ');
  const names = heldBy === undefined ? 'now names' : 'names';
  return skip('tag-exists', `Image tag ${imageTag} ${held}; git tag ${gitTag} ${names} ${short(commit)}.`);
};

/** Each rule with the one code that it gives. */
const rules: readonly (readonly [ReasonCode, Rule])[] = [
  ['forced', forced],
  ['branch-not-configured', tagNotConfigured],
  ['waiting-for-artifact', waitingForArtifact],
  ['git-tag', tagIsFree],
  ['no-change', tagHoldsCommit],
];

/** The codes of a git tag's decisions in the order in which their rules are asked. */
export const tagRules: readonly ReasonCode[] = [...rules.map(([code]) => code), 'tag-exists'];

/** Decides for one service and git tag. An image tag is written once: if the git tag moves, or somebody else has the name, it stays. */
export function decideTag(facts: TagFacts): Verdict {
  for (const [, rule] of rules) {
    const verdict = rule(facts);
    if (verdict) return verdict;
  }
  return tagIsTaken(facts);
}
