import { sameRegistry } from '../image-reference.js';

/** Who signs in at a registry, `host[:port]`. */
export interface RegistryCredentials {
  readonly host: string;
  readonly username: string;
  readonly password: string;
}

/**
 * The header that lends credentials to the engine for one request: ours for their own host, none for any other. The engine requires
 * URL-safe base64 *with* padding, and the header even if it is empty (https://docs.docker.com/reference/api/engine/, "Authentication").
 */
export function registryAuth(credentials: RegistryCredentials | null, host: string): { 'X-Registry-Auth': string } {
  const own = credentials !== null && sameRegistry(credentials.host, host) ? credentials : null;
  const config = own === null ? {} : { username: own.username, password: own.password, serveraddress: own.host };
  const base64 = Buffer.from(JSON.stringify(config)).toString('base64');
  return { 'X-Registry-Auth': base64.replaceAll('+', '-').replaceAll('/', '_') };
}
