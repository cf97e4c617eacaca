import { computed, signal } from '@preact/signals';
import { ask, setCsrfToken } from './client.js';

/** Who looks at the pages, and what they may do. */
export interface Session {
  /** Name of the token, or `anonymous`. */
  readonly name: string;
  readonly scopes: readonly ('read' | 'build' | 'deploy' | 'admin')[];
  /** Environments that the token may deploy to. Null: all. */
  readonly environments: readonly string[] | null;
  readonly csrfToken: string | null;
  readonly anonymousRead: boolean;
  readonly publicUrl: string | null;
  readonly version: string;
}

/** Null until the server has said who is there. */
export const session = signal<Session | null>(null);
export const mayRead = computed(() => session.value?.scopes.includes('read') ?? false);
export const mayBuild = computed(() => session.value?.scopes.includes('build') ?? false);
export const mayAdminister = computed(() => session.value?.scopes.includes('admin') ?? false);
export const isLoggedIn = computed(() => session.value !== null && session.value.name !== 'anonymous');

/** True if the visitor may deploy to the environment. */
export function mayDeploy(environment: string): boolean {
  const visitor = session.value;
  if (visitor === null || !visitor.scopes.includes('deploy')) return false;
  return visitor.environments?.includes(environment) ?? true;
}

/** True if there may be an environment that the visitor may deploy to. */
export function mayDeployAnywhere(): boolean {
  const visitor = session.value;
  return visitor !== null && visitor.scopes.includes('deploy') && visitor.environments?.length !== 0;
}

function accept(found: Session): void {
  setCsrfToken(found.csrfToken);
  session.value = found;
}

/** Asks the server who is logged in. Fails with a `Problem`. */
export async function loadSession(): Promise<void> {
  accept((await (await ask('/ui/session')).json()) as Session);
}

/** Logs in with a token. Fails with a `Problem`: `unauthorized`, `too-many-requests`. */
export async function logIn(token: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  accept(
    (await (await ask('/ui/session', { method: 'POST', headers, body: JSON.stringify({ token }) })).json()) as Session,
  );
}

/** Logs out. Fails with a `Problem`. */
export async function logOut(): Promise<void> {
  await ask('/ui/session', { method: 'DELETE' });
  await loadSession();
}
