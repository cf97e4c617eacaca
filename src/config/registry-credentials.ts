import type { Config } from './config.js';

type OfRegistry = Pick<Config, 'registry'>;

/** What Slipway signs in with at its registry. Null: nothing. */
export function pushCredentialsOf({ registry: { host, username, password } }: OfRegistry) {
  return username === null || password === null ? null : { host, username, password: password.reveal() };
}

/** What hosts sign in with: credentials of their own, or what Slipway signs in with. */
export function pullCredentialsOf({ registry: { host, username, password, pull } }: OfRegistry) {
  if (pull !== null) return { host, ...pull };
  return username === null || password === null ? null : { host, username, password };
}
