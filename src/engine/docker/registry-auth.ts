import type { Credentials } from '../contract.js';
import { sameRegistry } from '../../image-reference.js';

/**
 * The header that lends credentials to the engine for one request: ours for their own host, none for any other. The engine requires
 * URL-safe base64 *with* padding, and the header even if it is empty (https://docs.docker.com/reference/api/engine/, "Authentication").
 */
export function registryAuth(credentials: Credentials | null, host: string): { 'X-Registry-Auth': string } {
  const own = credentials !== null && sameRegistry(credentials.host, host) ? credentials : null;
  const config = own === null ? {} : { username: own.username, password: own.password, serveraddress: own.host };
  const base64 = Buffer.from(JSON.stringify(config)).toString('base64');
  return { 'X-Registry-Auth': base64.replaceAll('+', '-').replaceAll('/', '_') };
}
