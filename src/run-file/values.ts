const binaryUnits: Readonly<Record<string, number>> = {
  '': 1,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  t: 2 ** 40,
  p: 2 ** 50,
};

const durationUnits: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

export const NANOSECONDS_PER_MS = 1e6;

/** Bytes of `8g`, `8GiB`, `512 MB` or `1024`. As in Compose, every unit counts in powers of 1024. Null if the text is no size. */
export function parseBytes(text: string): number | null {
  const found = /^(?<number>\d+(?:\.\d*)?|\.\d+) ?(?:(?<unit>[kmgtp])(?:i?b)?|b)?$/i.exec(text);
  if (found === null) return null;
  const bytes = Math.floor(Number(found.groups?.number) * (binaryUnits[(found.groups?.unit ?? '').toLowerCase()] ?? 1));
  return Number.isSafeInteger(bytes) ? bytes : null;
}

/** Nanoseconds of a duration of Go such as `1m30s`, `1.5s` or `500ms`. Null if the text is not one. Never negative. */
export function parseDuration(text: string): number | null {
  if (text === '0') return 0;
  if (text.length > MAX_DURATION_CHARACTERS || !/^(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(text))
    return null;
  let total = 0;
  for (const [, number, unit = ''] of text.matchAll(/(\d+(?:\.\d*)?|\.\d+)([a-zµμ]+)/g)) {
    total += Math.floor(Number(number) * (durationUnits[unit] ?? 0));
  }
  return Number.isSafeInteger(total) ? total : null;
}

const MAX_DURATION_CHARACTERS = 100;

/** The words that Compose takes for a truth value, in any case. */
export function parseBoolean(text: string): boolean | null {
  if (/^(?:true|y|yes|on)$/i.test(text)) return true;
  return /^(?:false|n|no|off)$/i.test(text) ? false : null;
}

/** A whole number from `min` to `max`. */
export function parseInteger(text: string, min: number, max: number): number | null {
  if (!/^[-+]?\d{1,16}$/.test(text)) return null;
  const value = Number(text);
  return value >= min && value <= max ? value : null;
}

/** Billionths of a CPU for `1.5`. */
export function parseCpus(text: string): number | null {
  if (!/^(?:\d{1,6}(?:\.\d{0,20})?|\.\d{1,20})$/.test(text)) return null;
  return Math.round(Number(text) * NANO);
}

export const NANO = 1e9;
