import { parseBounded } from '../../bounded-json.js';
import { causeOf } from '../remote/server.js';

/** What an address answers. */
export interface WebAnswer {
  readonly status: number;
  /** Milliseconds since the epoch by its clock, or null. */
  readonly time: number | null;
  /** What it says in JSON, if that is a mapping. */
  readonly body: Readonly<Record<string, unknown>>;
}

const PATIENCE_MS = 10_000;
const MAX_ANSWER_BYTES = 256 * 1024;

/** Asks an address by GET, without following redirects. Resolves with the answer, or with why there is none. Never fails. */
export async function askWeb(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<WebAnswer | { readonly fault: string }> {
  try {
    const response = await fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS) });
    const time = Date.parse(response.headers.get('date') ?? '');
    const body = parseBounded(await beginningOf(response));
    return {
      status: response.status,
      time: Number.isNaN(time) ? null : time,
      body: typeof body === 'object' && body !== null && !Array.isArray(body) ? { ...body } : {},
    };
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    return { fault: isLate ? `no answer in ${PATIENCE_MS / 1000} seconds` : causeOf(error) };
  }
}

/** The rest of a longer answer is not read. */
async function beginningOf(response: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > MAX_ANSWER_BYTES) break;
  }
  return Buffer.concat(chunks);
}
