import type { Secret } from './secret.js';

/** What a token allows its holder to do. */
export type Scope = 'read' | 'build' | 'admin';

export interface AccessToken {
  readonly name: string;
  readonly token: Secret;
  readonly scopes: readonly Scope[];
}
