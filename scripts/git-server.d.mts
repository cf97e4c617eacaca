/** Types of git-server.mjs for the tests. */
export type Outage = number | 'hang' | 'refuse';

export interface ServedRequest {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | null;
}

export interface GitServer {
  readonly url: string;
  readonly root: string;
  /** What was asked of the server, oldest first. */
  readonly requests: ServedRequest[];
  /** Scripts an outage; null ends it. */
  fail(mode: Outage | null): void;
  /** What is asked from now on is answered when the promise resolves. */
  wait(until: Promise<void>): void;
  close(): Promise<void>;
}

export interface GitServerOptions {
  readonly root: string;
  readonly port?: number;
  readonly host?: string;
  readonly username?: string;
  readonly password?: string;
  readonly behind?: string;
}

export function startGitServer(options: GitServerOptions): Promise<GitServer>;
