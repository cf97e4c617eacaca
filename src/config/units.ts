const milliseconds: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const bytes: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
};

/** Milliseconds of a duration such as `500ms`, `30s`, `5m`, `2h` or `7d`, or null if the text is not a duration above zero. */
export function parseDuration(text: string): number | null {
  return positive(text, milliseconds);
}

/** Bytes of a size such as `512MiB`, `1.5GB` or `4096B`, or null if the text is not a size. `0B` is valid. */
export function parseSize(text: string): number | null {
  return /^0+(B|[KMGT]i?B)?$/.test(text) ? 0 : positive(text, bytes);
}

function positive(text: string, units: Readonly<Record<string, number>>): number | null {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?) ?([A-Za-z]+)$/.exec(text) ?? [];
  const factor = Object.hasOwn(units, unit) ? units[unit] : undefined;
  if (number === undefined || factor === undefined) return null;
  const value = Math.round(Number(number) * factor);
  return value > 0 && Number.isSafeInteger(value) ? value : null;
}
