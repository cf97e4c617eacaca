/** Somebody holds back deployments to an environment. */
export interface Hold {
  readonly environment: string;
  /** Name of the token. */
  readonly by: string;
  readonly reason: string;
  /** Milliseconds since the epoch. Null: until somebody lifts it. */
  readonly until: number | null;
}
