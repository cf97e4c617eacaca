import { join } from 'node:path';
import { SlipwayError } from '../errors.js';
import { Secret } from '../secret.js';
import { readOrMakeKey } from './key-file.js';

/** Its file in the data directory. */
export const keyName = 'instance.key';

/**
 * The key with which this server seals its containers. It is made once, in a file that only its owner may read. Fails with
 * `invalid-configuration` if the file holds no key: without the right one, no container would be known any more.
 */
export async function instanceKey(dataDir: string): Promise<Secret> {
  const file = join(dataDir, keyName);
  const key = await readOrMakeKey(file);
  if (key !== null) return new Secret(key);
  throw new SlipwayError('invalid-configuration', `${file} holds no key. Put back the file of a backup.`);
}
