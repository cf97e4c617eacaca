import autocannon, { type Options } from 'autocannon';
import { median, rounded } from './measure.js';

export interface LoadRequest {
  readonly port: number;
  readonly path: string;
  readonly connections: number;
  readonly durationMs: number;
  readonly headers: Readonly<Record<string, string>>;
  /** A header that is different each time. */
  readonly unique: { readonly name: string; readonly value: (number: number) => string };
  readonly body: Buffer;
  /** The one status that counts; any other ends the measurement. */
  readonly status: number;
}

export interface LoadFigures {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly requests: number;
}

/** Sends one request after the other on each of some kept connections, to this machine alone, until the time is over. */
export async function load(request: LoadRequest): Promise<LoadFigures> {
  const began = performance.now();
  const took = await answers(request);
  const seconds = (performance.now() - began) / 1000;
  took.sort((a, b) => a - b);
  return {
    perSecond: rounded(took.length / seconds),
    p50: rounded(median(took)),
    p99: rounded(took[Math.floor(took.length * 0.99)] ?? NaN),
    requests: took.length,
  };
}

/** Milliseconds that each answer took. autocannon's own histogram counts whole ones. */
function answers({
  port,
  path,
  connections,
  durationMs,
  headers,
  unique,
  body,
  status,
}: LoadRequest): Promise<number[]> {
  const took: number[] = [];
  let number = 0;
  const options: Options = {
    url: `http://127.0.0.1:${port}${path}`,
    method: 'POST',
    connections,
    duration: durationMs / 1000,
    // It ends at the first sample after its time.
    sampleInt: 100,
    body,
    requests: [{ setupRequest: (one) => ({ ...one, headers: { ...headers, [unique.name]: unique.value(number++) } }) }],
  };
  return new Promise((resolve, reject) => {
    const run = autocannon(options, (error, result) => {
      if (error) reject(error);
      else if (result.errors > 0) reject(new Error(`${result.errors} requests had no answer.`));
      else resolve(took);
    });
    run.on('response', (_client, answered, _bytes, ms) => {
      took.push(ms);
      if (answered === status) return;
      reject(new Error(`The server answered ${answered}, not ${status}.`));
      run.stop();
    });
  });
}
