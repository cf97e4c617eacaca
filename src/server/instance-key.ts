import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SlipwayError } from '../errors.js';
import { Secret } from '../secret.js';

/** Its file in the data directory. */
export const keyName = 'instance.key';

const KEY_BYTES = 32;
const written = /^[0-9a-f]{64}\n?$/;

/**
 * The key with which this server seals its containers. It is made once, in a file that only its owner may read. Fails with
 * `invalid-configuration` if the file holds no key: without the right one, no container would be known any more.
 */
export async function instanceKey(dataDir: string): Promise<Secret> {
  const file = join(dataDir, keyName);
  const found = (await readKey(file)) ?? (await makeKey(file));
  if (written.test(found)) return new Secret(found.trim());
  throw new SlipwayError('invalid-configuration', `${file} holds no key. Put back the file of a backup.`);
}

async function readKey(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as { readonly code?: unknown } | null)?.code === 'ENOENT') return null;
    throw new SlipwayError('invalid-configuration', `${file} cannot be read: ${String(error)}.`, { cause: error });
  }
}

/** A crash leaves a whole key or none. */
async function makeKey(file: string): Promise<string> {
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
