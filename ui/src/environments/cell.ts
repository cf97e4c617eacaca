import { releaseName } from './tag.js';
import type { Matrix, MatrixCell, MatrixRow } from './types.js';

/** How a service stands in an environment, most urgent first. */
export type CellState =
  | 'other'
  | 'unknown'
  | 'running'
  | 'pending'
  | 'failed'
  | 'rolled-back'
  | 'stopped'
  | 'behind'
  | 'changes'
  | 'in-step'
  | 'not-there';

/** A state with what is to be said of it. */
export interface Mark {
  readonly state: CellState;
  readonly words: string;
  /** Shown behind the glyph. */
  readonly short: string;
  /** The deployment that it is about. Null: about none. */
  readonly deployment: string | null;
}

type Host = MatrixCell['hosts'][number];

/** Kinds that bring a release. The end of any other says nothing of what should run. */
const bringsRelease: readonly string[] = ['deployment', 'rollback', 'adopt'];

/** What is said of all hosts of a cell together, besides what each of them shows itself. */
export const notOfHosts: ReadonlySet<CellState> = new Set([
  'running',
  'pending',
  'failed',
  'rolled-back',
  'behind',
  'changes',
]);

/** What there is to say of a cell, the most urgent first. Never empty. */
export function marksOf(cell: MatrixCell): readonly Mark[] {
  const marks = [hostsMark(cell), deploymentMark(cell), behindMark(cell), pendingMark(cell)].filter(
    (mark) => mark !== null,
  );
  return marks.length > 0 ? marks : [restMark(cell)];
}

function restMark({ desired, inStep, total }: MatrixCell): Mark {
  if (desired === null) return mark('not-there', 'nothing was deployed');
  if (desired.wanted === 'stopped') return mark('stopped', 'stopped');
  return mark('in-step', `runs what is wanted on ${inStep} of ${total} hosts`);
}

const mark = (state: CellState, words: string, short = '', deployment: string | null = null): Mark => ({
  ...{ state, words, short, deployment },
});

function hostsMark({ hosts, desired }: MatrixCell): Mark | null {
  const drifted = hosts.filter(({ drift }) => drift.length > 0);
  if (drifted.length > 0) return mark('other', `not as wanted on ${namesOf(drifted)}`);
  const ill = hosts.filter(({ unhealthy }) => unhealthy);
  if (ill.length > 0) return mark('other', `unhealthy on ${namesOf(ill)}`);
  const away = desired === null ? [] : hosts.filter(({ state }) => state === 'unknown');
  return away.length > 0 ? mark('unknown', `not known on ${namesOf(away)}`) : null;
}

function deploymentMark({ last }: MatrixCell): Mark | null {
  if (last === null) return null;
  const { kind, status, id } = last;
  const about = (state: CellState, words: string) => mark(state, words, '', id);
  if (status === 'running') return about('running', `${kind} runs`);
  if (status === 'pending') return about('pending', `${kind} waits`);
  if (!hasFailed(last)) return null;
  return about(status === 'failed' ? 'failed' : 'rolled-back', failedWords(last));
}

type Last = NonNullable<MatrixCell['last']>;

const hasFailed = ({ kind, status }: Last): boolean =>
  bringsRelease.includes(kind) && (status === 'failed' || status === 'rolled-back');

/** `1.2.0-4 failed to deploy and is blocked`. */
function failedWords({ kind, status, release, blocked }: Last): string {
  if (release === null) return `the last ${kind} ${status === 'failed' ? 'failed' : 'was rolled back'}`;
  const what = releaseName(release.number, release.tag);
  const ends = { deployment: 'to deploy', rollback: 'to come back', adopt: 'to be adopted' }[kind as string] ?? '';
  const words = status === 'failed' ? `${what} failed ${ends}` : `${what} was rolled back`;
  return blocked ? `${words} and is blocked` : words;
}

/** What the newest deployment left undone, and what runs instead: `1.2.0-4 failed to deploy and is blocked; 1.1.0-2 keeps running`. Null: nothing. */
export function failureOf({
  last,
  desired,
  total,
}: MatrixCell): { readonly words: string; readonly id: string } | null {
  if (last === null || !hasFailed(last)) return null;
  const keeps = desired === null || total === 0 ? '' : `; ${releaseName(desired.release, desired.tag)} keeps running`;
  return { words: `${failedWords(last)}${keeps}`, id: last.id };
}

function behindMark({ behind, desired }: MatrixCell): Mark | null {
  if (!behind) return null;
  const noun = behind === 1 ? 'release' : 'releases';
  return mark('behind', `${behind} newer ${noun} of ${desired?.branch ?? 'the branch'}`, String(behind));
}

function pendingMark({ pending }: MatrixCell): Mark | null {
  if (pending === 0) return null;
  return mark('changes', `${pending} ${pending === 1 ? 'setting applies' : 'settings apply'} with the next deployment`);
}

const namesOf = (hosts: readonly Host[]): string => hosts.map(({ host }) => host).join(', ');

export const isBehind = ({ behind }: MatrixCell): boolean => behind !== null && behind > 0;
export const isDrifted = ({ hosts }: MatrixCell): boolean => hosts.some(({ drift }) => drift.length > 0);

/** What is not as wanted, and on which hosts: `has no container on p1, p2; differs in mem_limit on p3`. */
export function driftSentence({ hosts, desired }: MatrixCell): string {
  const found = new Map<string, string[]>();
  for (const host of hosts.filter(({ drift }) => drift.length > 0)) {
    const words = driftWords(host, desired);
    found.set(words, [...(found.get(words) ?? []), host.host]);
  }
  return [...found].map(([words, names]) => `${words} on ${names.join(', ')}`).join('; ');
}

function driftWords({ state, release, tag, drift }: Host, desired: MatrixCell['desired']): string {
  if (drift.includes('does-not-stay-up')) return 'does not stay up';
  if (drift.includes('unknown-deployment')) return 'runs by a deployment that Slipway does not know';
  if (state === 'missing') return 'has no container';
  if (desired === null || (release !== null && release !== desired.release))
    return `runs ${releaseName(release, tag)}, which was not deployed,`;
  if (state !== 'running') return `is ${state}`;
  return `differs in ${drift.join(', ')}`;
}

export type Show = '' | 'behind' | 'drifted' | 'frozen';

/** A test of rows: words that must all occur in the name, and what else is asked for. */
export function rowMatcher(text: string, show: Show, frozen: ReadonlySet<string>): (row: MatrixRow) => boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return ({ service, cells }) =>
    words.every((word) => service.toLowerCase().includes(word)) && (show === '' || cells.some(isShown(show, frozen)));
}

const isShown =
  (show: Exclude<Show, ''>, frozen: ReadonlySet<string>) =>
  (cell: MatrixCell): boolean =>
    ({ behind: isBehind, drifted: isDrifted, frozen: ({ environment }: MatrixCell) => frozen.has(environment) })[show](
      cell,
    );

/** How a service differs between two environments. Null: both run the same. */
export function between(row: MatrixRow, from: string, to: string): string | null {
  const [one, other] = [from, to].map((name) => row.cells.find(({ environment }) => environment === name));
  const [here, there] = [one?.desired ?? null, other?.desired ?? null];
  if (here === null || there === null) {
    if (here === there) return null;
    return `not in ${here === null ? from : to}`;
  }
  if (here.digest === there.digest) return here.release === there.release ? null : 'same image, another run file';
  if (here.branch !== there.branch) return `${here.branch} and ${there.branch}`;
  return distance({ name: from, behind: one?.behind }, { name: to, behind: other?.behind });
}

interface Distance {
  readonly name: string;
  readonly behind: number | null | undefined;
}

/** How far two environments on one branch are apart. */
function distance(one: Distance, other: Distance): string {
  if (typeof one.behind !== 'number' || typeof other.behind !== 'number') return 'another image';
  const count = Math.abs(one.behind - other.behind);
  if (count === 0) return 'another image';
  const later = one.behind < other.behind ? other : one;
  return `${later.name} is ${count} ${count === 1 ? 'release' : 'releases'} behind`;
}

/** The cell of an address: `SERVICE@ENVIRONMENT`. */
export function placeOf(text: string | undefined): { readonly service: string; readonly environment: string } | null {
  const at = text?.lastIndexOf('@') ?? -1;
  if (text === undefined || at < 1) return null;
  return { service: text.slice(0, at), environment: text.slice(at + 1) };
}

/** The cells of an environment, by service. Undefined: nothing is known yet. */
export function cellsOf(matrix: Matrix | undefined, environment: string): ReadonlyMap<string, MatrixCell> {
  const found = new Map<string, MatrixCell>();
  for (const { service, cells } of matrix?.services ?? [])
    for (const cell of cells) if (cell.environment === environment) found.set(service, cell);
  return found;
}
