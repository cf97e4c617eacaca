import { setImmediate } from 'node:timers/promises';
import { SlipwayError } from '../../errors.js';
import { readPacket } from './sync-wire.js';

/** Requests answered at a time. Their entries are held until they are sent. */
const MAX_REQUESTS = 5_000;

/** The ids of files that the engine requests. */
export interface SyncRequests {
  /** All waiting requests, up to some thousands, as soon as there is one. Empty at the end. */
  next(): Promise<readonly number[]>;
  /** Resolves when the engine has everything. Fails with `engine-error` if it gave up the sync, `engine-unavailable` if it went silent. */
  readonly done: Promise<void>;
}

/**
 * Reads the engine's packets as they arrive. It sends requests while it still receives the list, and must never wait for us. Fails with
 * `engine-error` if more requests wait than there are items.
 */
export function takeRequests(messages: AsyncIterable<Buffer>, items: number): SyncRequests {
  const waiting: number[] = [];
  let ended = false;
  let wake = (): void => undefined;
  const listen = async (): Promise<void> => {
    for await (const message of messages) {
      const packet = readPacket(message);
      if (packet.kind === 'fin') return;
      if (packet.kind === 'error')
        throw new SlipwayError('engine-error', `The engine gave the sync of the context up: ${packet.message}`);
      if (packet.kind !== 'request') continue;
      if (waiting.length >= items)
        throw new SlipwayError('engine-error', 'The engine asks for more files than the context has.');
      waiting.push(packet.id);
      wake();
    }
    throw new SlipwayError('engine-unavailable', 'The engine broke the sync of the context off.');
  };
  const done = listen().finally(() => {
    ended = true;
    wake();
  });
  // The reader of the last requests gets the error.
  done.catch(() => undefined);
  return {
    done,
    async next() {
      while (waiting.length === 0 && !ended) await new Promise<void>((resolve) => (wake = resolve));
      // Requests come in bursts, and each answer reads the source once.
      await setImmediate();
      return waiting.splice(0, MAX_REQUESTS);
    },
  };
}
