import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { EngineTls } from '../../src/docker/connection.js';
import { Secret } from '../../src/secret.js';

const run = promisify(execFile);
const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** A certificate authority below a folder, made with openssl. Its files are `ca.pem`, and `NAME.pem` and `NAME.key` of what it signed. */
export async function createAuthority(
  folder: string,
): Promise<{ sign(name: string, address?: string): Promise<void> }> {
  const file = (name: string) => join(folder, name);
  const openssl = (...args: readonly string[]) => run('openssl', [...args], { cwd: folder });
  const subject = (name: string) => ['-subj', `/CN=${name}`];
  await openssl('req', '-x509', ...key, '-days', '2', ...subject('authority'), '-keyout', 'ca.key', '-out', 'ca.pem');
  return {
    async sign(name, address) {
      const usage = address === undefined ? 'clientAuth' : `serverAuth\nsubjectAltName=IP:${address}`;
      await writeFile(file(`${name}.ext`), `extendedKeyUsage=${usage}\n`);
      await openssl('req', ...key, ...subject(name), '-keyout', `${name}.key`, '-out', `${name}.csr`);
      const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', `${name}.ext`];
      await openssl('x509', '-req', '-in', `${name}.csr`, '-out', `${name}.pem`, ...by);
    },
  };
}

/** What a client of an engine needs, from the files of an authority. Null: it has no certificate of its own. */
export async function clientTls(folder: string, name: string | null): Promise<EngineTls> {
  const text = (file: string) => readFile(join(folder, file), 'utf8');
  const own = name === null ? null : { cert: await text(`${name}.pem`), key: new Secret(await text(`${name}.key`)) };
  return { ca: await text('ca.pem'), cert: own?.cert ?? null, key: own?.key ?? null };
}
