import { createHash } from 'node:crypto';
import { SlipwayError } from '../../errors.js';
import type { BuildContext, ContextEntries, ContextEntry, ContextFiles } from '../contract.js';
import type { SessionCall, SessionMethod } from '../session/method.js';
import { notUtf8 } from './odd-names.js';
import { takeRequests } from './sync-requests.js';
import { offer, sendContents } from './sync-sender.js';
import { syncItems } from './sync-tree.js';
import { finPacket } from './sync-wire.js';

/** What a sync serves. */
export interface SyncSource {
  readonly context: BuildContext;
  /** The Dockerfile's path among the context's entries. If it is sent separately: the name that the build gives it. */
  readonly dockerfile: string;
  /**
   * Called with failures on our side, because the engine only reports that the sync ended. Not called when the engine ends a sync: it does
   * so whenever another step fails, and reports that step itself.
   */
  readonly onFailure: (error: unknown) => void;
  /** Called with each name that is not UTF-8, or whose link leads to one, once it is offered. */
  readonly onOddName: (path: string) => void;
}

/**
 * BuildKit's `FileSync`. The engine asks for a folder by name, is offered all its files, and fetches contents that it lacks.
 * `.dockerignore` is already applied to a `BuildContext`, so the engine's patterns from it are ignored.
 */
export function fileSync(source: SyncSource): SessionMethod {
  return {
    path: '/moby.filesync.v1.FileSync/DiffCopy',
    async serve(call) {
      const odd: string[] = [];
      try {
        await serveFolder(await folderOf(call, source), call, (path) => {
          odd.push(path);
          source.onOddName(path);
        });
      } catch (error) {
        const [name] = odd;
        if (!isOfEngine(error)) source.onFailure(error);
        else if (name !== undefined) source.onFailure(notUtf8(name));
        throw error;
      }
    },
  };
}

const isOfEngine = (error: unknown): boolean =>
  error instanceof SlipwayError && (error.code === 'engine-error' || error.code === 'engine-unavailable');

/** The folder of a call. BuildKit first looks for `.dockerignore` alone, then syncs the whole context. */
async function folderOf(call: SessionCall, { context, dockerfile }: SyncSource): Promise<ContextFiles> {
  const [name] = call.metadata('dir-name');
  const { apart } = context;
  if (name === 'dockerfile') return apart ? singleFile(dockerfile, apart.dockerfile) : only([dockerfile], context);
  if (name !== 'context') throw new SlipwayError('engine-error', `The engine asks for a folder ${name} of no build.`);
  const asked = followPaths(call);
  const forIgnoreFile = asked.length > 0 && asked.every((path) => ignoreFiles(dockerfile).includes(path));
  if (!apart) return forIgnoreFile ? only(asked, context) : context;
  // With patterns of an ignore file, it is a COPY that asks for that file.
  const isLooking = forIgnoreFile && call.metadata('exclude-patterns').length === 0;
  return isLooking ? apart.named(asked) : apart.offer(asked);
}

/**
 * The paths that the engine wants. Newer ones encode names beyond ASCII (moby/buildkit, session/filesync/filesync.go `encodeOpts`), older
 * ones send their bytes. Empty, for everything, if one cannot be read or more than these paths is wanted.
 */
function followPaths(call: SessionCall): readonly string[] {
  const written = call.metadata('followpaths');
  if (call.metadata('include-patterns').length > 0) return [];
  const isEncoded = call
    .metadata('followpaths-encoded')
    .some((flag) => ['1', 't', 'true'].includes(flag.toLowerCase()));
  const paths = written.map((path) => (isEncoded ? decoded(path) : fromBytes(path)));
  return paths.every((path) => path !== null && !path.includes('\uFFFD')) ? paths.flatMap((path) => path ?? []) : [];
}

/** Node has each byte of a header as a character. Null if that is not so. */
const fromBytes = (text: string): string | null =>
  /[^\0-\xff]/.test(text) ? null : Buffer.from(text, 'latin1').toString();

/** Go's url.QueryUnescape. Null if that fails. */
function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return null;
  }
}

const ignoreFiles = (dockerfile: string): readonly string[] => ['.dockerignore', `${dockerfile}.dockerignore`];

function only(paths: readonly string[], { entries, open }: ContextFiles): ContextFiles {
  const found: ContextEntry[] = [];
  for (const entry of entries) if (paths.includes(entry.path)) found.push(entry);
  return { entries: found, open };
}

function singleFile(path: string, content: Buffer): ContextFiles {
  const id = createHash('sha256').update(content).digest('hex');
  const entry: ContextEntry = { path, mode: '100644', id, size: content.length };
  async function* chunks() {
    yield content;
  }
  async function* open(entries: ContextEntries) {
    for (const entry of entries) yield { entry, chunks: chunks() };
  }
  return { entries: [entry], open };
}

async function serveFolder(folder: ContextFiles, call: SessionCall, onOddName: (path: string) => void): Promise<void> {
  const items = await syncItems(folder);
  const requests = takeRequests(call.messages, items.length);
  await offer(items, folder, call, onOddName);
  for (let ids = await requests.next(); ids.length > 0; ids = await requests.next()) {
    await sendContents(ids, items, folder, call);
  }
  await requests.done;
  await call.send(finPacket);
}
