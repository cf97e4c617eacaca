import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { extract } from 'tar-stream';
import type { MemoryFile } from './memory-tree.js';
import { writeMemoryFile } from './write-memory-file.js';

const run = promisify(execFile);

/** Debian's client, which has BuildKit built in, or that of the engine's version, whose settings name the plug-in it needs. */
export const clientProgram = process.env['TEST_DOCKER_CLIENT'] ?? '/usr/bin/docker';
const settings = process.env['TEST_DOCKER_SETTINGS'];

/** Major version of the engine that was asked for by name, and so of the client; else 0, and both are the machine's. */
export const askedVersion = Number.parseInt(process.env['TEST_ENGINE_VERSION'] ?? '0', 10);

export const clientEnvironment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  DOCKER_BUILDKIT: '1',
  ...(settings !== undefined && { DOCKER_CONFIG: settings }),
});

/** Path → `folder`, `-> target` or the content. */
export type Listing = ReadonlyMap<string, string>;

/**
 * What Docker's own client puts into an image `FROM scratch` for these files. `context` and `dockerfile` are paths among them; by default
 * the context is everything and its Dockerfile is called so.
 */
export async function buildByClient(
  files: Readonly<Record<string, MemoryFile>>,
  { context = '', dockerfile = join(context, 'Dockerfile') }: { context?: string; dockerfile?: string } = {},
): Promise<Listing> {
  return inCheckout(files, async (folder) => {
    const where = ['-f', join(folder, dockerfile), join(folder, context)];
    return listTar(await client(['build', '-q', '--output', 'type=tar,dest=-', ...where]));
  });
}

/** Builds these files from scratch, Dockerfile among them, to an image of that name on the engine. */
export async function imageByClient(files: Readonly<Record<string, MemoryFile>>, name: string): Promise<void> {
  await inCheckout(files, (folder) => client(['build', '-q', '--no-cache', '-t', name, folder]));
}

async function inCheckout<T>(
  files: Readonly<Record<string, MemoryFile>>,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-client-'));
  try {
    for (const [path, file] of Object.entries(files)) await writeMemoryFile(join(folder, path), file);
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What is in an image, without running it. */
export async function listImage(name: string): Promise<Listing> {
  const id = (await client(['create', name, 'none'])).toString().trim();
  try {
    return await listTar(await client(['export', id]));
  } finally {
    await client(['rm', id]);
  }
}

async function client(args: readonly string[]): Promise<Buffer> {
  const { stdout } = await run(clientProgram, [...args], {
    env: clientEnvironment(),
    encoding: 'buffer',
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}

async function listTar(archive: Buffer): Promise<Listing> {
  const found = new Map<string, string>();
  const reader = extract();
  reader.end(archive);
  for await (const entry of reader) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(Buffer.from(chunk as Buffer));
    const { name, type, linkname } = entry.header;
    const path = name.replace(/^\.?\//, '').replace(/\/$/, '');
    if (path === '') continue;
    found.set(
      path,
      type === 'directory' ? 'folder' : type === 'symlink' ? `-> ${linkname}` : Buffer.concat(chunks).toString(),
    );
  }
  return found;
}
