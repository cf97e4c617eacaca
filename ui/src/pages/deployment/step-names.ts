import type { Deployment } from '../../api/types.js';
import { releaseWords, shortTag } from '../../parts/release.js';
import { failedStep, type Step } from './phases.js';

type Named = Pick<Deployment, 'steps' | 'release' | 'from' | 'error' | 'status'>;

/** What a step does, in words of the releases: `a: going back: put 1.1.0-2 in place`. */
export function stepName(deployment: Named, index: number): string {
  const step = deployment.steps[index];
  if (step === undefined) return '';
  const isBack = index >= wayBack(deployment);
  const words = wordsOf(step.name, nameOf(deployment, isBack));
  return [...(step.host === null ? [] : [step.host]), ...(isBack ? ['going back'] : []), words].join(': ');
}

/** What the steps are about: what it brings, or on the way back what ran before. */
function nameOf({ release, from }: Named, isBack: boolean): string {
  const [its, other] = isBack ? [from, release] : [release, from];
  if (its === null) return isBack ? 'what ran before' : 'it';
  return its.tag === null || its.tag === other?.tag ? releaseWords(its.number, its.tag) : shortTag(its.tag);
}

/** Steps of the server have a kind and a reason: `replace: another container runs in its place`. */
function wordsOf(name: string, what: string): string {
  const [kind = '', reason = ''] = name.split(': ');
  switch (kind) {
    case 'create a container':
      return `create a container of ${what}`;
    case 'replace':
      return reason === 'it has to start again' ? `start ${what} again` : `put ${what} in place`;
    case 'start':
      return `start ${what}`;
    case 'verify':
      return `verify ${what}`;
    case 'mark as verified':
      return `mark ${what} as verified`;
    default:
      return name;
  }
}

/** Index of the first step of the way back. Infinity: it did not go back. */
function wayBack({ steps, error, status }: Named): number {
  if (error === null && status !== 'rolled-back') return Infinity;
  const failed = failedStep(steps, error?.host);
  const end = failed === null ? null : (outermost(steps, failed)?.finishedAt ?? null);
  const found = end === null ? firstRepeated(steps) : steps.findIndex(({ startedAt }) => startedAt >= end);
  return found < 0 ? Infinity : found;
}

/** The step that all steps up to the one that failed stand in. */
function outermost(steps: readonly Step[], failed: number): Step | undefined {
  let at = failed;
  while (at > 0 && steps[at - 1]?.failed === true && steps[at - 1]?.host === steps[failed]?.host) at -= 1;
  return steps[at];
}

/** Of one that somebody canceled no step failed: it goes back where a host is replaced for the second time. */
function firstRepeated(steps: readonly Step[]): number {
  const places = steps.map(({ name, host }) => (/^(?:replace|start):/.test(name) ? host : null));
  return places.findIndex((host, index) => host !== null && places.indexOf(host) < index);
}
