import type { RefusedConfig } from '../config/live-config.js';
import { grouped } from '../grouped.js';
import { isoTime } from '../iso-time.js';
import type { ContainerStatus } from '../model/container.js';
import type { HostObservation } from '../model/observation.js';
import type { WaitingFor } from '../model/waiting-for.js';

/** Causes and faults that a message names. */
const MAX_NAMED = 5;

/** Causes of waiting that one check reads. */
export const MAX_WAITS = 1_000;

/** `ok`, or for each cause what is waited for, how much waits, and when it is tried again. The first of a cause speaks for all. */
export function waitsText(waits: readonly WaitingFor[]): string {
  const byCode = new Map<string, { readonly first: WaitingFor; count: number }>();
  for (const wait of waits) {
    const known = byCode.get(wait.code);
    if (known) known.count += 1;
    else byCode.set(wait.code, { first: wait, count: 1 });
  }
  const said = [...byCode.values()].slice(0, MAX_NAMED).map(({ first: { code, message, until }, count }) => {
    const more = count > 1 ? ` (${count >= MAX_WAITS ? 'at least ' : ''}${grouped(count)} looks and builds)` : '';
    const when = until === null ? '' : `, until ${isoTime(until)}`;
    return `${code}${more}${when}: ${message}`;
  });
  return said.length === 0 ? 'ok' : `waiting for ${said.join('; ')}`;
}

/** `ok`, or why the changed configuration is not in force. */
export function configurationText(refused: RefusedConfig | null): string {
  if (refused === null) return 'ok';
  const { at, faults } = refused;
  const named = faults.slice(0, MAX_NAMED).map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  const more = faults.length > MAX_NAMED ? ` and ${grouped(faults.length - MAX_NAMED)} more` : '';
  const count = `${grouped(faults.length)} ${faults.length === 1 ? 'fault' : 'faults'}`;
  return `the file changed and was not taken at ${isoTime(at)}, ${count}: ${named.join('; ')}${more}`;
}

/**
 * `ok`, or which hosts are away, which run a deployment that the database does not know, and which containers claim to be ours and are not.
 * Builds and other hosts go on, so it is never a fault.
 */
export function hostsText(observations: readonly HostObservation[]): string {
  const away = observations
    .filter(({ reachable }) => reachable === false)
    .map(
      ({ environment, host, since, why }) => `${environment}/${host} since ${isoTime(since)} (${why ?? 'no reason'})`,
    );
  // Of a host that is away nobody knows what it runs now.
  const unknown = observations.flatMap(({ environment, host, reachable, seen }) =>
    (reachable ? (seen?.own ?? []) : [])
      .filter(({ known, state }) => !known && isStarted(state.status))
      .map(({ name }) => `${name} on ${environment}/${host}`),
  );
  const claims = observations.flatMap(({ environment, host, seen }) =>
    (seen?.foreign ?? []).filter(({ claimsOurs }) => claimsOurs).map(({ name }) => `${name} on ${environment}/${host}`),
  );
  const said = [
    ...(away.length > 0 ? [`degraded, away: ${few(away)}`] : []),
    ...(unknown.length > 0 ? [`degraded, deployments that the database does not know: ${few(unknown)}`] : []),
    ...(claims.length > 0 ? [`containers with labels of this instance and without its seal: ${few(claims)}`] : []),
  ];
  return said.length === 0 ? 'ok' : said.join('; ');
}

const isStarted = (status: ContainerStatus): boolean => status === 'running' || status === 'restarting';

const few = (texts: readonly string[]): string =>
  `${texts.slice(0, MAX_NAMED).join(', ')}${texts.length > MAX_NAMED ? ` and ${grouped(texts.length - MAX_NAMED)} more` : ''}`;
