/** The abort reason of a running build that is stopped from outside. `lost`: the store gave the build to another, or may soon. */
export class Interruption {
  constructor(readonly kind: 'cancel' | 'timeout' | 'drain' | 'lost') {}
}

/** The interruption that aborted a signal, or null. */
export function interruptionOf(signal: AbortSignal): Interruption | null {
  return signal.aborted && signal.reason instanceof Interruption ? signal.reason : null;
}
