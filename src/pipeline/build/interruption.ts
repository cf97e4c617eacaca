/** Why a running build is stopped from outside. The abort reason of its signal. */
export class Interruption {
  constructor(readonly kind: 'cancel' | 'timeout' | 'drain') {}
}

/** The interruption behind a signal's abort; null where it was not aborted. */
export function interruptionOf(signal: AbortSignal): Interruption | null {
  return signal.aborted && signal.reason instanceof Interruption ? signal.reason : null;
}
