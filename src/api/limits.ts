/** What one client may take of the server. Times are in milliseconds, sizes in bytes. */
export interface HttpLimits {
  /** For the line and the headers of a request. Also how long a new connection may stay silent. */
  readonly headersMs: number;
  /** For the body, from the headers on. An artifact upload may be silent for so long. */
  readonly receiveMs: number;
  /** Bodies of callers without a token, all together, until their requests are answered. */
  readonly unsignedBytes: number;
  /** Open connections. */
  readonly connections: number;
  /** Requests of one caller that stay open: event streams, followed logs, waits for a build. */
  readonly heldPerCaller: number;
}

/** One Jenkins token may wait for a hundred builds at once. Headers come in one piece from every honest client. */
export const defaultLimits: HttpLimits = {
  headersMs: 20_000,
  receiveMs: 60_000,
  unsignedBytes: 100 * 1024 * 1024,
  connections: 2_000,
  heldPerCaller: 100,
};
