import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { SlipwayError } from '../errors.js';

const KEY_BYTES = 32;
const written = /^[0-9a-f]{64}\n?$/;

/** The key in a file, in hex. It is made if there is no file. Null: the file holds no key. Fails with `invalid-configuration` if it cannot be read. */
export async function readOrMakeKey(file: string): Promise<string | null> {
  const found = (await readKey(file)) ?? (await makeKey(file));
  return written.test(found) ? found.trim() : null;
}

async function readKey(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as { readonly code?: unknown } | null)?.code === 'ENOENT') return null;
    throw new SlipwayError('invalid-configuration', `${file} cannot be read: ${String(error)}.`, { cause: error });
  }
}

/** Writes a new key to a file that only its owner may read. A crash leaves a whole key or none. */
export async function makeKey(file: string): Promise<string> {
  const key = `${randomBytes(KEY_BYTES).toString('hex')}\n`;
  const draft = `${file}.new`;
  await rm(draft, { force: true });
  const output = await open(draft, 'wx', 0o600);
  try {
    await output.writeFile(key);
    await output.sync();
  } finally {
    await output.close();
  }
  await rename(draft, file);
  return key;
}
