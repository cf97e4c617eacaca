import type { BalancedHost } from '../contract.js';
import type { ServerState } from './answers.js';

/** A server, and the HAProxy that sees it so. */
export interface View {
  readonly address: string;
  readonly server: ServerState;
}

/**
 * What several HAProxies say of one host together: `unknown` if they do not agree whether it is taken out. `down` for one is `down`. At least
 * one view.
 */
export function agree(views: readonly View[]): BalancedHost {
  const servers = views.map(({ server }) => server);
  const sessions = servers.every((one) => one.sessions !== null)
    ? servers.reduce((sum, one) => sum + (one.sessions ?? 0), 0)
    : null;
  const checks = servers.map(({ passedCheck }) => passedCheck);
  const passedCheck = checks.includes(false) ? false : checks.includes(true) ? true : null;
  const isDrained = servers.filter(({ state }) => state === 'drained').length;
  if (isDrained > 0 && isDrained < servers.length) {
    const says = views.map(({ address, server }) => `${server.state} at ${address}`).join(', ');
    return { state: 'unknown', sessions, passedCheck, reason: `the HAProxies do not agree: ${says}` };
  }
  const worst = views.find(({ server }) => server.state !== 'active') ?? views[0];
  const { state = 'unknown', reason = null } = worst?.server ?? {};
  const where = views.length > 1 && reason !== null ? ` at ${worst?.address}` : '';
  return { state, sessions, passedCheck, reason: reason === null ? null : `${reason}${where}` };
}
