/**
 * The abort reason of a deployment that is stopped from outside. `lost`: another worker has it, or may have it soon. `drain`: the server
 * stops.
 */
export class Stopped {
  constructor(readonly kind: 'cancel' | 'drain' | 'lost') {}
}

/** Throws the reason of a signal that has aborted. */
export function throwIfStopped(signal: AbortSignal): void {
  if (signal.aborted) throw signal.reason;
}
