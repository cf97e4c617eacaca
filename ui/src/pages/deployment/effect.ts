import type { Deployment } from '../../api/types.js';

type Ended = Pick<Deployment, 'status' | 'kind' | 'hosts' | 'error' | 'from'>;

/** What a failure meant for users, and why hosts that went back may still count as `failed`. Empty: nothing went back. */
export function effectOf({ status, kind, hosts, error, from }: Ended): string {
  const back = hosts.filter(({ state }) => state === 'undone').map(({ host }) => host);
  const untouched = hosts.filter(({ state }) => state === 'ready' || state === 'waiting').map(({ host }) => host);
  if (back.length === 0 || error === null || from === null || kind !== 'deployment') return '';
  const said = {
    failed: `Nothing that users reached was replaced, so it failed and was not rolled back: ${named(back)} went back before users came.`,
    'rolled-back': `Users could reach it before ${named(back)} went back.`,
  }[status as string];
  if (said === undefined) return '';
  const rest = named(untouched).replace(/^h/, 'H');
  return untouched.length === 0 ? said : `${said} ${rest} ${untouched.length === 1 ? 'was' : 'were'} not changed.`;
}

const named = (hosts: readonly string[]): string => `host${hosts.length === 1 ? '' : 's'} ${hosts.join(' and ')}`;
