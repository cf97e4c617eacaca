import type { Credentials } from './contract.js';
import { sameRegistry } from '../image-reference.js';

/**
 * The header by which the engine is lent credentials for one request: ours for the host that they belong to, none for any other. The
 * engine wants URL-safe base64 *with* padding, and the header even where there is nothing in it
 * (https://docs.docker.com/reference/api/engine/, "Authentication").
 */
export function registryAuth(credentials: Credentials | null, host: string): { 'X-Registry-Auth': string } {
  const own = credentials !== null && sameRegistry(credentials.host, host) ? credentials : null;
  const config = own === null ? {} : { username: own.username, password: own.password, serveraddress: own.host };
  const base64 = Buffer.from(JSON.stringify(config)).toString('base64');
  return { 'X-Registry-Auth': base64.replaceAll('+', '-').replaceAll('/', '_') };
}
