import { connect } from 'node:net';
import { unavailable } from '../rules/faults.js';

/** A line of `show stat` has up to a KiB: some thousand servers. */
const MAX_ANSWER_BYTES = 4 * 1024 ** 2;

/**
 * Writes a line to an admin socket and resolves with everything that HAProxy says until it hangs up. `timeoutMs`: for all of that. Fails with
 * `balancer-unavailable`; `who` begins the message.
 */
export function exchange(path: string, line: string, timeoutMs: number, who: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const socket = connect(path);
    const fail = (why: string, cause?: unknown): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(unavailable(who, why, cause));
    };
    const timer = setTimeout(() => fail(`no answer in ${timeoutMs / 1000} s`), timeoutMs);
    socket.on('connect', () => socket.write(`${line}\n`));
    socket.on('data', (chunk) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes > MAX_ANSWER_BYTES) fail(`an answer of more than ${MAX_ANSWER_BYTES / 1024 ** 2} MiB`);
    });
    socket.on('error', (error) => fail(error.message, error));
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(Buffer.concat(chunks).toString('utf8'));
    });
  });
}
