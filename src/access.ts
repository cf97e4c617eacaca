import type { Secret } from './secret.js';

/** What a token allows its holder to do. */
export type Scope = 'read' | 'build' | 'deploy' | 'admin';

export interface AccessToken {
  readonly name: string;
  readonly token: Secret;
  readonly scopes: readonly Scope[];
  /** Environments that it may deploy to. Null: all. */
  readonly environments: readonly string[] | null;
}
