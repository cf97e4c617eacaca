import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../log.js';

/** The built pages: one document for all addresses, and the files that it loads. */
export interface UiFiles {
  readonly folder: string;
  readonly page: Buffer;
  /** Of the document, as a header has it. */
  readonly etag: string;
  /** Names of the files beside the document. */
  readonly beside: readonly string[];
  /** Names of the files in `assets/`, each with a hash of its content in it. */
  readonly assets: ReadonlySet<string>;
}

const document = 'index.html';
/** Copies of a file for those who accept them; see `preCompressed` in pages.ts. */
const isCompressed = (name: string): boolean => /\.(br|gz)$/.test(name);
const isServed = (name: string): boolean => /^\w[\w.-]*$/.test(name) && name !== document && !isCompressed(name);

/** Lists the built pages, once. Only what is listed is ever read again. Null: they were not built, or cannot be read. */
export async function readUiFiles(folder: string | null, log: Log): Promise<UiFiles | null> {
  if (folder === null) return null;
  try {
    const page = await readFile(join(folder, document));
    const etag = `"${createHash('sha256').update(page).digest('base64url')}"`;
    const [beside, assets] = await Promise.all([filesOf(folder), filesOf(join(folder, 'assets'))]);
    return { folder, page, etag, beside, assets: new Set(assets) };
  } catch (err) {
    if ((err as { readonly code?: unknown } | null)?.code === 'ENOENT')
      log.info({ folder }, 'the pages for browsers were not built');
    else log.warn({ folder, err }, 'could not read the pages for browsers');
    return null;
  }
}

async function filesOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isFile() && isServed(entry.name) ? [entry.name] : []));
}
