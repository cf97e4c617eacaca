import type { ReasonCode } from '../model/decision.js';
import type { Facts, SinceBaseline } from './facts.js';
import { build, count, named, short, skip, type Verdict } from './verdict.js';

type Rule = (facts: Facts) => Verdict | null;
type SinceRule = (since: SinceBaseline, facts: Facts) => Verdict | null;

const skipMark = /\[(?:skip ci|ci skip)\]/i;

const forced: Rule = ({ forced: by }) => (by === null ? null : build('forced', by));

const branchNotConfigured: Rule = ({ branchConfigured, branch }) =>
  branchConfigured ? null : skip('branch-not-configured', `Branch ${branch} is not among the service's branches.`);

const waitingForArtifact: Rule = ({ artifact, branch }) => {
  if (artifact === null) return null;
  if (artifact === 'none') return skip('waiting-for-artifact', `Branch ${branch} has no artifact yet.`);
  if (artifact.changed.count === 0) return null;
  const message = `Source changed since the nearest artifact (${short(artifact.commit)}): ${named(artifact.changed)}.`;
  return skip('waiting-for-artifact', message, artifact.changed);
};

const firstBuild: Rule = ({ baseline, branch }) =>
  baseline === null ? build('first-build', `Branch ${branch} has no image of this service yet.`) : null;

const baselineUnavailable = ({ baseline }: Facts): Verdict =>
  build('baseline-unavailable', `The last built commit ${short(baseline ?? '')} is no longer in the repository.`);

const includedPathChanged: SinceRule = ({ paths }) => {
  if (paths.counted.count === 0) return null;
  const message = `${count(paths.counted.count, 'path')} of the service changed: ${named(paths.counted)}.`;
  return build('included-path-changed', message, paths.counted);
};

const packagingChanged: SinceRule = ({ packaging: { from, to } }) => {
  if (from === to) return null;
  const [was, is] = [sourceOf(from), sourceOf(to)];
  if (is === 'missing') return build('packaging-changed', 'The Dockerfile is gone.');
  if (was === is) return build('packaging-changed', `The packaging (${is}) changed.`);
  return build('packaging-changed', `The packaging moved from ${was} to ${is}.`);
};

const baseImageChanged: SinceRule = ({ bases }) => {
  const [first] = bases;
  if (first === undefined) return null;
  const more = bases.length > 1 ? ` and ${bases.length - 1} more` : '';
  return build('base-image-changed', `Base image ${first.reference}${more} has a newer image.`);
};

const settingsChanged: SinceRule = (since) =>
  since.settingsChanged ? build('settings-changed', 'The build settings of the service changed.') : null;

/**
 * `[skip ci]` covers only the commits that carry it. Changes from elsewhere are built regardless: central packaging, a move between the
 * repositories, a base, settings.
 */
const skipCi: SinceRule = (since, facts) => {
  const { messages } = since;
  if (messages.length === 0 || !messages.every((message) => skipMark.test(message))) return null;
  const fromElsewhere =
    packagingFromElsewhere(since) || baseImageChanged(since, facts) || settingsChanged(since, facts);
  if (fromElsewhere) return null;
  const message = `Every commit since ${short(facts.baseline ?? '')} says [skip ci]; the next push includes these changes.`;
  return skip('skip-ci', message, since.paths.counted);
};

const onlyRunFileChanged: SinceRule = ({ paths: { runFiles }, runFile: { from, to } }) => {
  if (runFiles.count > 0) {
    const message = `${count(runFiles.count, 'run file')} changed, and nothing that the image is made of: ${named(runFiles)}.`;
    return skip('only-run-file-changed', message, runFiles);
  }
  if (from === null || from === to) return null;
  return skip('only-run-file-changed', 'The run file in force changed, and nothing that the image is made of.');
};

const noChange: SinceRule = ({ paths: { excluded, outside } }) =>
  excluded.count === 0 && outside.count === 0 ? skip('no-change', 'No path differs from the last built commit.') : null;

const onlyExcludedPathsChanged: SinceRule = ({ paths: { excluded } }) => {
  if (excluded.count === 0) return null;
  const message = `${count(excluded.count, 'path')} changed in excluded regions only: ${named(excluded)}.`;
  return skip('only-excluded-paths-changed', message, excluded);
};

/** What is left. */
const noIncludedPathChanged = ({ paths: { outside } }: SinceBaseline): Verdict =>
  skip('no-included-path-changed', `${count(outside.count, 'path')} changed, none of this service.`, outside);

/** Each rule with the one code that it gives. */
const beforeComparing: readonly (readonly [ReasonCode, Rule])[] = [
  ['forced', forced],
  ['branch-not-configured', branchNotConfigured],
  ['waiting-for-artifact', waitingForArtifact],
  ['first-build', firstBuild],
];

const comparing: readonly (readonly [ReasonCode, SinceRule])[] = [
  ['skip-ci', skipCi],
  ['included-path-changed', includedPathChanged],
  ['packaging-changed', packagingChanged],
  ['base-image-changed', baseImageChanged],
  ['settings-changed', settingsChanged],
  ['only-run-file-changed', onlyRunFileChanged],
  ['no-change', noChange],
  ['only-excluded-paths-changed', onlyExcludedPathsChanged],
];

/** The codes of a branch's decisions in the order in which their rules are asked. */
export const branchRules: readonly ReasonCode[] = [
  ...beforeComparing.map(([code]) => code),
  'baseline-unavailable',
  ...comparing.map(([code]) => code),
  'no-included-path-changed',
];

/** Decides for one service and branch: the first rule that matches, in the order of docs/decisions-explained.md. Pure. */
export function decide(facts: Facts): Verdict {
  for (const [, rule] of beforeComparing) {
    const verdict = rule(facts);
    if (verdict) return verdict;
  }
  const { since } = facts;
  if (since === null) return baselineUnavailable(facts);
  for (const [, rule] of comparing) {
    const verdict = rule(since, facts);
    if (verdict) return verdict;
  }
  return noIncludedPathChanged(since);
}

const sourceOf = (packagingKey: string): string => packagingKey.split(':')[0] ?? '';

/** The packaging changed outside the application repository. Changes inside it already count as paths. */
export function packagingFromElsewhere({ packaging: { from, to } }: Pick<SinceBaseline, 'packaging'>): boolean {
  return from !== to && !(sourceOf(from) === 'application' && sourceOf(to) === 'application');
}
