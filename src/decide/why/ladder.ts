import { isTag } from '../../git-ref.js';
import type { Decision, ReasonCode } from '../../model/decision.js';
import { branchRules } from '../decide.js';
import { tagRules } from '../decide-tag.js';
import { short } from '../verdict.js';

/** One rule of the decision table, and what a decision found when it asked it. */
export interface Rung {
  readonly rule: ReasonCode;
  /** What holds if the rule does. */
  readonly words: string;
  /** Rules after the one that holds are not asked. */
  readonly held: 'yes' | 'no' | 'not-asked';
  readonly note: string | null;
}

const ofBranches: Readonly<Record<ReasonCode, string>> = {
  forced: 'a rebuild or a call asked for it',
  'branch-not-configured': 'the branch is not configured',
  'waiting-for-artifact': 'an artifact of this source is missing',
  'first-build': 'the branch has no image yet',
  'baseline-unavailable': 'the last built commit is gone',
  'skip-ci': 'every commit says [skip ci]',
  'included-path-changed': 'a path of the service changed',
  'packaging-changed': 'the packaging changed',
  'base-image-changed': 'a base image changed',
  'settings-changed': 'the build settings changed',
  'only-run-file-changed': 'only a run file changed',
  'no-change': 'no path differs',
  'only-excluded-paths-changed': 'only excluded paths changed',
  'no-included-path-changed': 'no path of the service changed',
  'git-tag': 'the image tag is free',
  'tag-exists': 'the image tag is taken',
};

const ofTags: Partial<typeof ofBranches> = {
  'branch-not-configured': 'the git tag is not configured',
  'waiting-for-artifact': 'the commit has no artifact',
  'no-change': 'the image tag holds the commit already',
};

/** The rules in the order in which the decision asked them, down to the one that held, and those that it did not come to. Pure. */
export function ladderOf({ branch, reason, base }: Pick<Decision, 'branch' | 'reason' | 'base'>): readonly Rung[] {
  const forTag = isTag(branch);
  const rules = forTag ? tagRules : branchRules;
  const end = rules.indexOf(reason.code);
  return rules.map((rule, at): Rung => {
    const words = (forTag ? ofTags[rule] : undefined) ?? ofBranches[rule];
    if (at === end) return { rule, words, held: 'yes', note: reason.message };
    if (at > end) return { rule, words, held: 'not-asked', note: null };
    return {
      rule,
      words,
      held: 'no',
      note: rule === 'first-build' && base !== null ? `Last built: ${short(base)}.` : null,
    };
  });
}
