import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { createAuthority } from './certificates.js';

export interface TlsDoor {
  /** As the configuration names a host that is behind the door. */
  readonly settings: { readonly engine: string; readonly tls: Readonly<Record<'ca' | 'cert' | 'key', string>> };
  close(): Promise<void>;
}

/** Opens a TCP port of an engine's socket, which is asked for at each connection. Only clients with our certificate get in. */
export async function openTlsDoor(socket: () => string): Promise<TlsDoor> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-door-'));
  const file = (name: string) => join(folder, name);
  const authority = await createAuthority(folder);
  await authority.sign('server', '127.0.0.1');
  await authority.sign('client');
  const [ca, cert, key] = await Promise.all(['ca.pem', 'server.pem', 'server.key'].map((name) => readFile(file(name))));
  const server = createServer({ ca, cert, key, requestCert: true, rejectUnauthorized: true }, (client) => {
    const engine = connect(socket());
    const ends = [client, engine];
    const over = () => ends.forEach((end) => end.destroy());
    for (const end of ends) end.on('error', over).on('close', over);
    client.pipe(engine).pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    settings: {
      engine: `tcp://127.0.0.1:${port}`,
      tls: { ca: file('ca.pem'), cert: file('client.pem'), key: file('client.key') },
    },
    async close() {
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
