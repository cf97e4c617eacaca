import type { Build } from '../../../model/build.js';
import type { Decision } from '../../../model/decision.js';
import { planSentence, type PullRequestPlan } from '../../../model/pull-request.js';
import { printable } from '../../../printable.js';
import type { Standing } from './standing.js';
import { shortened, type CommitStatus } from './status.js';
import { deliveriesPath, summaryOf } from './summary.js';

/** The members of a check run that are used (REST API, "Create a check run"). */
export interface CheckRun {
  readonly name: 'Slipway';
  readonly status: 'in_progress' | 'completed';
  readonly conclusion?: 'success' | 'failure' | 'cancelled' | 'neutral';
  readonly details_url?: string;
  readonly output: {
    readonly title: string;
    readonly summary: string;
    readonly annotations?: readonly Annotation[];
  };
}

export interface Annotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly annotation_level: 'failure';
  readonly title: string;
  readonly message: string;
}

export interface AtCommit {
  readonly repository: string;
  readonly commit: string;
  readonly publicUrl: string | null;
  readonly standings: readonly Standing[];
  readonly plan: PullRequestPlan | null;
  /** Nothing could be decided about the push. */
  readonly failure: CommitStatus | null;
  /** The plan of the pull request could not be made. */
  readonly planFailure: CommitStatus | null;
}

/** GitHub takes 65,535 characters of Markdown; some are left for the last line. */
const MAX_MARKDOWN = 60_000;
const MAX_TITLE = 120;

/** Null: there is nothing to say about the commit. */
export function checkRunOf(at: AtCommit): CheckRun | null {
  const { repository, commit, publicUrl, standings, plan, failure, planFailure } = at;
  const status = standings.length > 0 ? summaryOf(repository, commit, standings) : failure;
  if (status === null && plan === null && planFailure === null) return null;
  const link = (path: string): string | null => publicUrl && publicUrl + path;
  const details = link(status?.path ?? deliveriesPath(repository, commit));
  const planned = plan === null ? `No plan: ${planFailure?.description ?? ''}` : planSentence(plan.decisions);
  const title = status?.description ?? planned;
  const parts = [standings.length > 0 ? tableOf(standings, link) : '', plan === null ? '' : sectionOf(plan)];
  return {
    name: 'Slipway',
    ...stateOf(status, standings),
    ...(details === null ? {} : { details_url: details }),
    output: {
      title: shortened(title, MAX_TITLE),
      summary: parts.filter((part) => part !== '').join('\n\n') || cell(title),
    },
  };
}

function stateOf(status: CommitStatus | null, standings: readonly Standing[]): Pick<CheckRun, 'status' | 'conclusion'> {
  // The plan of a pull request judges nothing. GitHub takes `neutral` as passed.
  if (status === null) return { status: 'completed', conclusion: 'neutral' };
  if (status.state === 'pending') return { status: 'in_progress' };
  if (status.state === 'success') return { status: 'completed', conclusion: 'success' };
  const onlyCanceled = standings.length > 0 && !standings.some(({ state }) => state === 'failed');
  return { status: 'completed', conclusion: onlyCanceled ? 'cancelled' : 'failure' };
}

function tableOf(standings: readonly Standing[], link: (path: string) => string | null): string {
  const rank = ({ state }: Standing): number =>
    ['failed', 'canceled', 'running', 'queued', 'built', 'reused'].indexOf(state) >>> 0;
  const rows = [...standings]
    .sort((a, b) => rank(a) - rank(b))
    .map(({ service, state, sentence, path }) => {
      const page = link(path);
      const name = page === null ? cell(service) : `[${cell(service)}](${page})`;
      return `| ${name} | ${state} | ${cell(sentence)} |`;
    });
  return cut(['| Service | State | Why |', '| --- | --- | --- |'], rows, MAX_MARKDOWN / 2);
}

/** What a pull request would rebuild and why; what it leaves alone comes last. */
function sectionOf({ number, branch, decisions }: PullRequestPlan): string {
  const order = ({ decision }: Decision): number => (decision === 'build' ? 0 : 1);
  const rows = [...decisions]
    .sort((a, b) => order(a) - order(b))
    .map(
      ({ service, decision, reason }) =>
        `| ${cell(service)} | ${decision === 'build' ? 'rebuilds' : 'nothing to build'} | ${cell(reason.message)} |`,
    );
  const heading = `**Plan of #${number} for ${cell(branch)}.** ${planSentence(decisions)}`;
  return cut([heading, '', '| Service | Plan | Why |', '| --- | --- | --- |'], rows, MAX_MARKDOWN / 2);
}

/** As many rows as fit. */
function cut(head: readonly string[], rows: readonly string[], limit: number): string {
  const lines = [...head];
  let length = head.join('\n').length;
  for (const [index, row] of rows.entries()) {
    length += row.length + 1;
    if (length > limit) return [...lines, '', `… and ${rows.length - index} more.`].join('\n');
    lines.push(row);
  }
  return lines.join('\n');
}

const special = /[\\`*_{}[\]<>()#|~!@$]/g;

/** Text that Markdown neither formats nor links. */
const cell = (text: string): string => shortened(printable(text), 500).replace(special, '\\$&');

/** The instruction that failed, where the Dockerfile is in the repository itself. */
export function annotationsOf({ build }: Standing): readonly Annotation[] {
  if (build === null || build.error === null || build.dockerfile?.source !== 'application') return [];
  const lines = failedLines(build);
  if (lines === null) return [];
  const { step, message } = build.error;
  return [
    {
      ...{ path: build.dockerfile.path, start_line: lines.from, end_line: lines.to, annotation_level: 'failure' },
      ...{ title: shortened(step ?? 'The build failed'), message: shortened(message, 2_000) },
    },
  ];
}

const failedLines = ({ steps, error }: Build) => steps.findLast(({ name }) => name === error?.step)?.dockerfile ?? null;
