import { abortWith } from '../../clock.js';
import type { RemoteRefs } from '../contract.js';
import { readCapabilities, readPack, readRefs, type Capabilities } from './answers.js';
import { readPackets, writePackets, type Packet } from './pkt-line.js';

/** The part of `fetch` that is used. */
export type Fetch = typeof fetch;

export interface UploadPackOptions {
  /** Address of the repository, without credentials. */
  readonly url: string;
  /** Value of the Authorization header, or null. */
  readonly authorization: string | null;
  readonly fetch: Fetch;
  /** Milliseconds for one exchange, including the body. */
  readonly timeout: number;
  /** Gets each answer that is not 200. */
  readonly onRefusal?: (answer: Pick<Response, 'status' | 'headers'>) => void;
  /** Stops every exchange. */
  readonly ending?: AbortSignal;
}

export interface PackRequest {
  readonly wants: readonly string[];
  /** Commits that are here, with everything they reach. */
  readonly haves: readonly string[];
  /** Larger contents are left out, in bytes. */
  readonly maxBlobBytes: number;
}

/**
 * A git host's `upload-pack` service over HTTP, protocol version 2 (gitprotocol-http(5), gitprotocol-v2(5)). Connections are kept open, so
 * that each request costs one round trip. Any surprise, including a host that does not answer, gives null or an incomplete pack. The caller
 * then asks git itself, which says why.
 */
export interface UploadPack {
  refs(): Promise<RemoteRefs | null>;
  /** Calls `take` with the bytes of the pack. Resolves with whether all arrived. */
  pack(request: PackRequest, take: (pack: AsyncIterable<Buffer>) => Promise<boolean>): Promise<boolean>;
}

/** Null if the host does not support version 2 over HTTP with the needed capabilities. */
export async function openUploadPack(options: UploadPackOptions): Promise<UploadPack | null> {
  const capabilities = await exchange(options, 'info/refs?service=git-upload-pack', null, readCapabilities);
  if (capabilities === null) return null;
  return {
    refs: () => exchange(options, 'git-upload-pack', lsRefs, readRefs),
    async pack(request, take) {
      const body = fetchRequest(request, capabilities);
      const came = await exchange(options, 'git-upload-pack', body, async (packets) => {
        const pack = readPack(packets);
        let whole = false;
        const bytes = (async function* () {
          whole = yield* pack;
        })();
        return (await take(bytes)) && whole;
      });
      return came ?? false;
    },
  };
}

const agent = 'agent=slipway';
const lsRefs = writePackets([
  'command=ls-refs',
  agent,
  { mark: 'delimiter' },
  'peel',
  'symrefs',
  'ref-prefix HEAD',
  'ref-prefix refs/heads/',
  'ref-prefix refs/tags/',
  { mark: 'flush' },
]);

/** Not a thin pack: the objects that its deltas need might not be here. */
function fetchRequest({ wants, haves, maxBlobBytes }: PackRequest, { filter }: Capabilities): Buffer {
  return writePackets([
    'command=fetch',
    agent,
    { mark: 'delimiter' },
    'no-progress',
    'ofs-delta',
    ...(filter ? [`filter blob:limit=${maxBlobBytes}`] : []),
    ...wants.map((id) => `want ${id}`),
    ...haves.map((id) => `have ${id}`),
    'done',
    { mark: 'flush' },
  ]);
}

async function exchange<Answer>(
  { url, authorization, fetch, timeout, onRefusal, ending }: UploadPackOptions,
  path: string,
  body: Buffer | null,
  read: (packets: AsyncIterable<Packet>) => Promise<Answer>,
): Promise<Answer | null> {
  const service = 'application/x-git-upload-pack';
  const headers = {
    'git-protocol': 'version=2',
    ...(authorization === null ? {} : { authorization }),
    ...(body === null ? {} : { 'content-type': `${service}-request`, accept: `${service}-result` }),
  };
  const gone = new AbortController();
  const leave = ending === undefined ? null : abortWith(gone, ending);
  const limit = setTimeout(() => gone.abort(), timeout);
  const over = () => {
    clearTimeout(limit);
    leave?.();
    gone.abort();
  };
  let isAnswered = false;
  try {
    const method = body === null ? 'GET' : 'POST';
    const response = await fetch(`${url}/${path}`, { method, headers, body, redirect: 'manual', signal: gone.signal });
    if (response.status !== 200) onRefusal?.(response);
    if (response.status !== 200 || response.body === null) return null;
    const packets = readPackets(response.body);
    const answer = await read({ [Symbol.asyncIterator]: () => ({ next: () => packets.next() }) });
    isAnswered = answer !== null && answer !== false;
    // A connection stays open only if the answer was read to its end. Runs in the background, because the host may take a while to end.
    if (isAnswered) void readOut(packets).finally(over);
    return answer;
  } catch {
    return null;
  } finally {
    // An unread answer is not waited for.
    if (!isAnswered) over();
  }
}

async function readOut(packets: AsyncIterable<Packet>): Promise<void> {
  try {
    for await (const _packet of packets) continue;
  } catch {
    // The answer was complete before.
  }
}
