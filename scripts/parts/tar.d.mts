/** Types of tar.mjs for the tests. */
export interface TarEntry {
  readonly path: string;
  readonly content?: string | Uint8Array;
  readonly mode?: number;
  readonly link?: string;
}

export function tar(entries: readonly TarEntry[]): Promise<Buffer>;
