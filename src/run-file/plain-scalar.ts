import type { Scalar } from './node.js';

/** What a plain (unquoted) scalar is. `odd`: Compose makes something of it that nobody means. */
export type Plain = Pick<Scalar, 'type' | 'text'> | 'odd';

const nulls = new Set(['', '~', 'null', 'Null', 'NULL']);
const booleans = new Map(['true', 'True', 'TRUE', 'false', 'False', 'FALSE'].map((text) => [text, text.toLowerCase()]));
const date = /^\d{4}-\d{1,2}-\d{1,2}(?:[Tt \t]|$)/;
const unreal = /^[-+]?\.(?:inf|Inf|INF)$|^\.(?:nan|NaN|NAN)$/;
const integer = /^[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)$/;
const decimal = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

/** What Go holds in 64 bits, with and without a sign. */
const smallest = -(2n ** 63n);
const largest = 2n ** 64n - 1n;
/** From this power of ten on, Go prints an exponent. */
const MIN_EXPONENT = 6;
/** Longer digits are no number that anything here takes. */
const MAX_CHARACTERS = 400;

/** Reads a plain scalar as Compose's YAML library does: `0777` is octal, `1_000` is a thousand, `yes` is a text. */
export function readPlain(source: string): Plain {
  if (nulls.has(source)) return { type: 'null', text: '' };
  const truth = booleans.get(source);
  if (truth !== undefined) return { type: 'boolean', text: truth };
  if (date.test(source) || unreal.test(source)) return 'odd';
  if (!/^[-+.\d]/.test(source) || source.length > MAX_CHARACTERS) return { type: 'text', text: source };
  const digits = source.replaceAll('_', '');
  if (integer.test(digits)) {
    const value = integerOf(digits);
    if (value >= smallest && value <= largest) return { type: 'integer', text: String(value) };
  }
  if (!decimal.test(digits)) return { type: 'text', text: source };
  const value = Number(digits);
  return Number.isFinite(value) ? { type: 'number', text: asGoPrints(value) } : { type: 'text', text: source };
}

function integerOf(digits: string): bigint {
  const negative = digits.startsWith('-');
  const unsigned = digits.replace(/^[-+]/, '');
  // A leading zero alone means octal.
  const value = BigInt(/^0[0-7]/.test(unsigned) ? `0o${unsigned}` : unsigned);
  return negative ? -value : value;
}

/** A floating-point number in the shortest form, with an exponent as Go's `%v` chooses it. */
function asGoPrints(value: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [mantissa = '', power = '0'] = value.toExponential().split('e');
  const exponent = Number(power);
  if (exponent >= -4 && exponent < MIN_EXPONENT) return String(value);
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}
