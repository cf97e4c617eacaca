/** Types of chromium.mjs for the tests. */

import type { Browser } from 'playwright-core';

/** The program of a Chromium, and what its environment needs besides. */
export interface ChromiumProgram {
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The program of `CHROMIUM_PATH`, or the one of Debian, which is fetched once and kept below `.test`. */
export function ensureChromium(
  say: (line: string) => void,
  env?: Readonly<Record<string, string | undefined>>,
): ChromiumProgram;

/** Starts it without a window. It ends with this process. */
export function startChromium(program: ChromiumProgram, args?: string[]): Promise<Browser>;
