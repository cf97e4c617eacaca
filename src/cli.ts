#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { loadConfig } from './config/load.js';
import type { Config } from './config/config.js';
import { asSlipwayError } from './errors.js';
import type { Decision } from './model.js';
import { planOnce, serve } from './main.js';

const USAGE = `slipway serve --config FILE
slipway check --config FILE
slipway plan  --config FILE --repository R --branch B [--base SHA] [--head SHA] [--json]
`;

const options = {
  config: { type: 'string' },
  repository: { type: 'string' },
  branch: { type: 'string' },
  base: { type: 'string' },
  head: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>['values'];

/** Words that are wrong on the command line: exit code 2. */
class UsageError extends TypeError {}

async function run(words: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: words, options, allowPositionals: true });
  const [command, ...rest] = positionals;
  if (values.help || command === undefined) {
    process.stdout.write(USAGE);
    return values.help ? 0 : 2;
  }
  if (rest.length > 0) throw new UsageError(`I do not understand ${rest.join(' ')}.`);
  if (command === 'check') return check(required(values, 'config'));
  if (command === 'serve') return withConfig(values, (config) => serve(config));
  if (command === 'plan') return withConfig(values, (config) => plan(config, values));
  throw new UsageError(`There is no command ${command}.`);
}

function required(values: Values, name: 'config' | 'repository' | 'branch'): string {
  const value = values[name];
  if (value === undefined) throw new UsageError(`--${name} is missing.`);
  return value;
}

async function check(file: string): Promise<number> {
  const result = await loadConfig(file);
  if (result.ok) {
    process.stdout.write(`${file}: ${result.config.services.size} services, no faults\n`);
    return 0;
  }
  for (const { path, message } of result.faults) process.stderr.write(`${path === '' ? file : path}: ${message}\n`);
  return 1;
}

async function withConfig(values: Values, work: (config: Config) => Promise<number>): Promise<number> {
  const file = required(values, 'config');
  const result = await loadConfig(file);
  return result.ok ? work(result.config) : check(file);
}

async function plan(config: Config, values: Values): Promise<number> {
  const decisions = await planOnce(config, {
    repository: required(values, 'repository'),
    branch: required(values, 'branch'),
    base: values.base ?? null,
    head: values.head ?? null,
  });
  process.stdout.write(values.json ? `${JSON.stringify({ decisions }, null, 2)}\n` : table(decisions));
  return 0;
}

/** One line a service: what, who, why. */
function table(decisions: readonly Decision[]): string {
  const width = Math.max(7, ...decisions.map(({ service }) => service.length));
  const codes = Math.max(6, ...decisions.map(({ reason }) => reason.code.length));
  const row = (what: string, service: string, code: string, message: string) =>
    `${what.padEnd(5)}  ${service.padEnd(width)}  ${code.padEnd(codes)}  ${message}\n`;
  const rows = decisions.map(({ decision, service, reason }) => row(decision, service, reason.code, reason.message));
  return [row('', 'SERVICE', 'REASON', 'WHY'), ...rows].join('');
}

run(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (thrown: unknown) => {
    const error = asSlipwayError(thrown);
    const usage = thrown instanceof TypeError;
    process.stderr.write(usage ? `slipway: ${error.message}\n${USAGE}` : `slipway: ${error.code}: ${error.message}\n`);
    process.exitCode = usage ? 2 : 1;
  },
);
