import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import type { Figures } from './measure.js';

/** One line of a benchmark: what was measured, the goal in words, and whether it was met (null: there is none). */
export interface Row {
  readonly name: string;
  readonly unit: 'ms' | 'requests/s' | 'frames/s' | 'MiB' | 'builds' | 'requests';
  readonly slipway: Figures | number;
  readonly peer?: { readonly name: string; readonly figures: Figures | number };
  /** How many times the peer's figure Slipway's is. */
  readonly ratio?: number;
  readonly goal?: string;
  readonly met?: boolean;
}

export interface Report {
  readonly bench: string;
  readonly rows: readonly Row[];
  /** Further figures that belong to no row. */
  readonly more?: unknown;
}

const programs: Readonly<Record<string, readonly [string, ...string[]]>> = {
  git: ['git', '--version'],
  docker: ['/usr/bin/docker', '--version'],
  engine: ['dockerd', '--version'],
  registry: ['docker-registry', '--version'],
  webhook: ['webhook', '-version'],
};

/** First line of a program's version output; null if it is not installed. */
function versionOf([program, ...args]: readonly [string, ...string[]]): string | null {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split('\n')[0] ?? '';
  } catch {
    return null;
  }
}

/** The machine without its name: what the figures depend on. */
function machine() {
  const [first] = cpus();
  return { cores: cpus().length, processor: first?.model ?? 'unknown', memoryGiB: Math.round(totalmem() / 2 ** 30) };
}

/** Prints a report: JSON to stdout, a table for people to stderr. */
export function print({ bench, rows, more }: Report, used: readonly (keyof typeof programs)[]): void {
  const versions = Object.fromEntries(
    used.map((name) => [name, versionOf(programs[name] ?? ['false'])] as const).concat([['node', process.version]]),
  );
  process.stderr.write(`\n${table(rows)}\n`);
  process.stdout.write(`${JSON.stringify({ bench, machine: machine(), versions, rows, more }, null, 2)}\n`);
}

function table(rows: readonly Row[]): string {
  const head = ['WHAT', 'SLIPWAY', 'BESIDE', 'RATIO', 'GOAL', ''];
  const cells = rows.map(({ name, unit, slipway, peer, ratio, goal, met }) => [
    name,
    shown(slipway, unit),
    peer === undefined ? '' : `${peer.name}: ${shown(peer.figures, unit)}`,
    ratio === undefined ? '' : ratio.toFixed(2),
    goal ?? '',
    met === undefined ? '' : met ? 'met' : 'MISSED',
  ]);
  const widths = head.map((_, at) => Math.max(...[head, ...cells].map((row) => row[at]?.length ?? 0)));
  return [head, ...cells]
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function shown(value: Figures | number, unit: string): string {
  return typeof value === 'number' ? `${value} ${unit}` : `${value.median} ${unit} (${value.min}–${value.max})`;
}
