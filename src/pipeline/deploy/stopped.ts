/**
 * The abort reason of a deployment that is stopped from outside. `lost`: another worker has it, or may have it soon. `drain`: the server
 * stops. `superseded`: a newer one took its place at the gate. `gate`: it goes on when its gate opens.
 */
export class Stopped {
  constructor(readonly kind: 'cancel' | 'superseded' | 'drain' | 'lost' | 'gate') {}
}

/** Throws the reason of a signal that has aborted. */
export function throwIfStopped(signal: AbortSignal): void {
  if (signal.aborted) throw signal.reason;
}
