import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { LoadFigures, LoadRequest } from './load.js';
import { median, rounded } from './measure.js';

export interface PacedRequest extends LoadRequest {
  /** Requests that begin each second, however long the answers take. */
  readonly perSecond: number;
}

/**
 * Sends requests at a steady rate, as many callers do that know nothing of each other. A wait is measured from the moment at which the
 * request was due: an answer that holds up the next request counts for both.
 */
export async function paced(asked: PacedRequest): Promise<LoadFigures> {
  const agent = new Agent({ keepAlive: true, maxSockets: asked.connections });
  const count = Math.round((asked.durationMs / 1000) * asked.perSecond);
  const waits: Promise<number>[] = [];
  const began = performance.now();
  try {
    for (let number = 0; number < count; number += 1) {
      const due = began + (number * 1000) / asked.perSecond;
      const early = due - performance.now();
      if (early > 0) await pause(early);
      waits.push(answered(asked, number, agent).then(() => performance.now() - due));
    }
    const took = (await Promise.all(waits)).sort((a, b) => a - b);
    const seconds = (performance.now() - began) / 1000;
    return {
      perSecond: rounded(took.length / seconds),
      p50: rounded(median(took)),
      p99: rounded(took[Math.floor(took.length * 0.99)] ?? NaN),
      requests: took.length,
    };
  } finally {
    agent.destroy();
  }
}

function answered({ port, path, headers, unique, body, status }: PacedRequest, number: number, agent: Agent) {
  return new Promise<void>((resolve, reject) => {
    const given = { ...headers, [unique.name]: unique.value(number), 'content-length': String(body.length) };
    const sent = request({ host: '127.0.0.1', port, path, method: 'POST', headers: given, agent }, (answer) => {
      answer.resume();
      answer.once('end', () => {
        if (answer.statusCode === status) resolve();
        else reject(new Error(`The server answered ${answer.statusCode}, not ${status}.`));
      });
    });
    sent.once('error', reject);
    sent.setTimeout(30_000, () => sent.destroy(new Error('A request had no answer for 30 s.')));
    sent.end(body);
  });
}
