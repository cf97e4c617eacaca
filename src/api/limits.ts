/** What the HTTP server grants. Times are in milliseconds, sizes in bytes. */
export interface HttpLimits {
  /** For the request line and headers. Also how long a new connection may stay silent. */
  readonly headersMs: number;
  /** For the body, after the headers. Also the longest silence during an artifact upload. */
  readonly receiveMs: number;
  /** Bodies of all callers without a token together, until their requests are answered. */
  readonly unsignedBytes: number;
  /** Open connections of all clients together. */
  readonly connections: number;
  /** Requests of one caller that stay open: event streams, followed logs, waits for a build. */
  readonly heldPerCaller: number;
}

/** One Jenkins token may wait for a hundred builds at once. An honest client sends its headers in one piece. */
export const defaultLimits: HttpLimits = {
  headersMs: 20_000,
  receiveMs: 60_000,
  unsignedBytes: 100 * 1024 * 1024,
  connections: 2_000,
  heldPerCaller: 100,
};
