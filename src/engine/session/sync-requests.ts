import { setImmediate } from 'node:timers/promises';
import { SlipwayError } from '../../errors.js';
import { readPacket } from './sync-wire.js';

/** Answered at a time: what is asked for is held until it is sent. */
const mostAtOnce = 5_000;

/** Ids of the files that the engine asks for, from the moment it may ask. */
export interface SyncRequests {
  /** Those that wait to be answered, or thousands of them, as soon as there is one; empty when no more will come. */
  next(): Promise<readonly number[]>;
  /**
   * Resolves when the engine has said that it has everything. `engine-error` where it gave the sync up, `engine-unavailable` where it
   * stopped talking.
   */
  readonly done: Promise<void>;
}

/**
 * Takes the engine's packets as they come: it asks while it is still being told what there is, and must never wait for us to listen. Fails
 * with `engine-error` if more requests wait than there are items to ask for.
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
  // Heard by whoever takes the last of the requests.
  done.catch(() => undefined);
  return {
    done,
    async next() {
      while (waiting.length === 0 && !ended) await new Promise<void>((resolve) => (wake = resolve));
      // Requests come in bursts, and each answer is a reading of the source of its own.
      await setImmediate();
      return waiting.splice(0, mostAtOnce);
    },
  };
}
