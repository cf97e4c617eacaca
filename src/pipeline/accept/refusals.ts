import type { Clock } from '../../clock.js';
import type { ErrorCode } from '../../errors.js';
import type { Log } from '../../log.js';
import type { Moments } from '../../store/contract.js';

export interface Refusal {
  readonly code: ErrorCode;
  readonly at: number;
}

/**
 * When webhook requests were last refused, by error code. Nothing in a refused request can be trusted, not even the repository, so only the
 * time is kept. A change that the sweep finds later was probably in such a request.
 */
export interface Refusals {
  /** Records the answer to a webhook request. Never fails and never blocks. */
  note(answer: string): void;
  /** The error code of the last refusal since the previous sweep began, or null. */
  sinceSweep(): Promise<ErrorCode | null>;
  /** When requests were last refused, by error code, newest first. */
  all(): Promise<readonly Refusal[]>;
  /** A sweep that began at `began` is over. */
  swept(began: number): Promise<void>;
}

const refusalCodes: readonly ErrorCode[] = [
  'invalid-signature',
  'invalid-payload',
  'payload-too-large',
  'request-timeout',
  'too-busy',
  'unsupported-media-type',
  'store-unavailable',
];

/** A flood of rejected requests costs at most one write every ten seconds. */
const WRITE_EVERY_MS = 10_000;
const sweepMoment = 'sweep';
const nameOf = (code: ErrorCode): string => `refused ${code}`;

export function createRefusals({
  store: { moments },
  clock,
  log,
}: {
  readonly store: { readonly moments: Moments };
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}): Refusals {
  const refused = new Map<ErrorCode, number>();
  const written = new Map<ErrorCode, number>();
  let sweptAt: number | null = null;
  const write = (code: ErrorCode, at: number): void => {
    written.set(code, at);
    moments.note(nameOf(code), at).catch((err: unknown) => {
      log.debug({ err, code }, 'could not store the time of a refused webhook request; it is kept in memory');
    });
  };
  const times = (stored: ReadonlyMap<string, number>): Refusal[] =>
    refusalCodes
      .map((code) => ({ code, at: Math.max(refused.get(code) ?? -Infinity, stored.get(nameOf(code)) ?? -Infinity) }))
      .filter(({ at }) => at !== -Infinity)
      .sort((a, b) => b.at - a.at);
  return {
    note(answer) {
      const code = refusalCodes.find((refusal) => refusal === answer);
      if (code === undefined) return;
      const now = clock.now();
      refused.set(code, now);
      if (now - (written.get(code) ?? -Infinity) >= WRITE_EVERY_MS) write(code, now);
    },
    async sinceSweep() {
      const stored = await moments.all();
      const since = sweptAt ?? stored.get(sweepMoment) ?? -Infinity;
      const [newest] = times(stored);
      return newest !== undefined && newest.at >= since ? newest.code : null;
    },
    all: async () => times(await moments.all()),
    async swept(began) {
      sweptAt = began;
      await moments.note(sweepMoment, began);
    },
  };
}
