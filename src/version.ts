import { readFileSync } from 'node:fs';

const isPackage = (value: unknown): value is { readonly version: string } =>
  typeof value === 'object' && value !== null && 'version' in value && typeof value.version === 'string';

function readVersion(): string {
  // One level up from `src/` as from `dist/`.
  const written: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  if (!isPackage(written)) throw new TypeError('package.json states no version.');
  return written.version;
}

/** The version of the running program, as package.json states it. */
export const version = readVersion();
