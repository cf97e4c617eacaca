/** Types of screenshots.mjs for the tests. */
import type { ChromiumProgram } from './chromium.mjs';

export function takeScreenshots(wanted: {
  readonly program: ChromiumProgram;
  readonly url: string;
  readonly token?: string | null;
  readonly pages: readonly (readonly [name: string, path: string])[];
  readonly folder: string;
}): Promise<readonly { readonly file: string; readonly bytes: number }[]>;
