import { join } from 'node:path';
import type { Log } from '../log.js';
import { Secret } from '../secret.js';
import { makeKey, readOrMakeKey } from './key-file.js';

/** Its file in the data directory. It is part of no backup: without it, people log in once more. */
const keyName = 'session.key';

/** The key that seals the cookies of browsers. It is made once; a file that holds no key gets a new one. */
export async function sessionKey(dataDir: string, log: Log): Promise<Secret<Buffer>> {
  const file = join(dataDir, keyName);
  const found = await readOrMakeKey(file);
  if (found === null) log.warn({ file }, 'the key of sessions was damaged and is made again: people have to log in');
  return new Secret(Buffer.from(found ?? (await makeKey(file)), 'hex'));
}
