import { SlipwayError } from '../errors.js';

interface Listener {
  listen(address: { readonly host: string; readonly port: number }): Promise<string>;
}

/** Fails with `invalid-configuration` if the address is taken or does not belong to this machine. */
export async function listenAt(app: Listener, { host, port }: { host: string; port: number }): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (cause) {
    const why = {
      EADDRINUSE: 'is in use by another program',
      EADDRNOTAVAIL: 'does not belong to this machine',
      EACCES: 'needs more rights',
    };
    const code = String((cause as { readonly code?: unknown } | null)?.code);
    if (!Object.hasOwn(why, code)) throw cause;
    const message = `server.listen: ${host}:${port} ${why[code as keyof typeof why]}.`;
    throw new SlipwayError('invalid-configuration', message, { cause });
  }
}
