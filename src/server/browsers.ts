import { fileURLToPath } from 'node:url';
import type { Log } from '../log.js';
import type { Secret } from '../secret.js';
import { sessionKey } from './session-key.js';

/** What the API needs to serve browsers. */
export interface Browsers {
  readonly publicUrl: string | null;
  readonly sessionKey: Secret<Buffer>;
  /** Folder of the built pages, which need not be there. */
  readonly ui: string;
}

/** The build puts the pages beside the compiled program. */
const builtPages = fileURLToPath(new URL('../ui', import.meta.url));

/** See `sessionKey` for what may happen to the key. */
export async function browsers(
  { dataDir, publicUrl }: { readonly dataDir: string; readonly publicUrl: string | null },
  log: Log,
  ui = builtPages,
): Promise<Browsers> {
  return { publicUrl, sessionKey: await sessionKey(dataDir, log), ui };
}
