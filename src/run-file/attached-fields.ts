import type { Healthcheck, Logging, Parameters } from '../model/parameters.js';
import { Fields } from './fields.js';
import { isNull, valueOf, type Mapping } from './node.js';
import { NANOSECONDS_PER_MS, parseDuration, parseInteger } from './values.js';

type AttachedFields = Pick<Parameters, 'healthcheck' | 'logging' | 'labels'>;

const MAX_RETRIES = 1_000_000;
/** Labels that mark containers as Slipway's. */
export const reservedLabels = 'dev.slipway.';

const defaultLogging: Logging = { driver: 'json-file', options: { 'max-file': '3', 'max-size': '10m' } };

/** Reads what the engine does around the process: health checks, logs, labels. */
export function readAttached(fields: Fields): AttachedFields {
  return { healthcheck: readHealthcheck(fields), logging: readLogging(fields), labels: readLabels(fields) };
}

function readHealthcheck(fields: Fields): Healthcheck | null {
  const node = fields.node('healthcheck');
  if (node?.kind !== 'map') return null;
  fields.fromFile('healthcheck', node.place);
  const own = new Fields(node, fields.findings);
  const test = readTest(own, node);
  const off = own.boolean('disable') ?? false;
  const wanted = 'a duration such as `30s`';
  const times = {
    interval: own.scalar('interval', parseInterval, `${wanted}, of at least 1 ms`),
    timeout: own.scalar('timeout', parseInterval, `${wanted}, of at least 1 ms`),
    startPeriod: own.scalar('start_period', parseInterval, `${wanted}, of at least 1 ms`),
    startInterval: own.scalar('start_interval', parseInterval, `${wanted}, of at least 1 ms`),
    retries: own.scalar('retries', (text) => parseInteger(text, 0, MAX_RETRIES), 'a whole number'),
  };
  if (off && test !== null && test !== 'none') {
    return fields.fault(node.place, 'The health check has `disable: true` and a `test`; keep one of them.');
  }
  if (off || test === 'none') {
    return {
      disabled: true,
      test: null,
      interval: null,
      timeout: null,
      startPeriod: null,
      startInterval: null,
      retries: null,
    };
  }
  return { disabled: false, test, ...times };
}

/** The engine refuses what is shorter than a millisecond, and takes 0 for no value. */
function parseInterval(text: string): number | null {
  const nanoseconds = parseDuration(text);
  return nanoseconds !== null && nanoseconds >= NANOSECONDS_PER_MS ? nanoseconds : null;
}

function readTest(own: Fields, node: Mapping): readonly string[] | 'none' | null {
  const test = valueOf(node, 'test');
  if (test === undefined || isNull(test)) return null;
  if (test.kind === 'scalar') return ['CMD-SHELL', test.text];
  const words = own.list('test').map(({ text }) => text);
  if (words[0] === 'NONE' && words.length === 1) return 'none';
  const fits = words[0] === 'CMD-SHELL' ? words.length === 2 : words[0] === 'CMD' && words.length > 1;
  return fits
    ? words
    : own.fault(test.place, '`test` has to be a text, or a list that begins with `CMD`, `CMD-SHELL` or `NONE`.');
}

function readLogging(fields: Fields): Logging {
  const node = fields.node('logging');
  if (node?.kind !== 'map') return defaultLogging;
  fields.fromFile('logging', node.place);
  const own = new Fields(node, fields.findings);
  const options = own
    .entries('options')
    .flatMap(({ name, value }) => (value.kind === 'scalar' ? [[name, value.text] as const] : []));
  return { driver: own.text('driver') ?? 'json-file', options: Object.fromEntries(options) };
}

function readLabels(fields: Fields): Record<string, string> {
  const labels: [string, string][] = [];
  for (const { name, value, place } of fields.entries('labels')) {
    if (name === '') fields.fault(place, 'A label needs a name.');
    else if (name.startsWith(reservedLabels))
      fields.fault(place, `Labels that begin with \`${reservedLabels}\` are Slipway's own; use another name.`);
    else if (value.kind === 'scalar') {
      fields.warnOfNumber(value);
      labels.push([name, value.text]);
    }
  }
  return Object.fromEntries(labels);
}
