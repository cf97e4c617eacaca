import { abortWith } from '../../clock.js';
import type { RemoteRefs } from '../contract.js';
import { readCapabilities, readPack, readRefs, type Capabilities } from './answers.js';
import { readPackets, writePackets, type Packet } from './pkt-line.js';

/** The part of `fetch` that is used; Node's own satisfies it. */
export type Fetch = typeof fetch;

export interface UploadPackOptions {
  /** Address of the repository, without credentials. */
  readonly url: string;
  /** Value of the Authorization header; null: none. */
  readonly authorization: string | null;
  readonly fetch: Fetch;
  /** Milliseconds for one exchange, the body included. */
  readonly timeout: number;
  /** Breaks every exchange off. */
  readonly ending?: AbortSignal;
}

export interface PackRequest {
  readonly wants: readonly string[];
  /** Commits that are here, with all that they reach. */
  readonly haves: readonly string[];
  /** Contents larger than so many bytes are left out. */
  readonly largest: number;
}

/**
 * A git host's `upload-pack` service over HTTP, protocol version 2 (gitprotocol-http(5), gitprotocol-v2(5)). Connections are kept between
 * requests, so that each costs one round trip. Null, or a pack that did not come whole, for whatever is not just as expected, a host that
 * does not answer included: git itself is then to be asked, and says why.
 */
export interface UploadPack {
  refs(): Promise<RemoteRefs | null>;
  /** Calls `take` with the bytes of the pack; resolves with whether all came. */
  pack(request: PackRequest, take: (pack: AsyncIterable<Buffer>) => Promise<boolean>): Promise<boolean>;
}

/** Null where the host speaks no version 2 over HTTP that has what is needed. */
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

/** Not a thin pack: contents that it would be built on need not be here. */
function fetchRequest({ wants, haves, largest }: PackRequest, { filter }: Capabilities): Buffer {
  return writePackets([
    'command=fetch',
    agent,
    { mark: 'delimiter' },
    'no-progress',
    'ofs-delta',
    ...(filter ? [`filter blob:limit=${largest}`] : []),
    ...wants.map((id) => `want ${id}`),
    ...haves.map((id) => `have ${id}`),
    'done',
    { mark: 'flush' },
  ]);
}

async function exchange<Answer>(
  { url, authorization, fetch, timeout, ending }: UploadPackOptions,
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
    if (response.status !== 200 || response.body === null) return null;
    const packets = readPackets(response.body);
    const answer = await read({ [Symbol.asyncIterator]: () => ({ next: () => packets.next() }) });
    isAnswered = answer !== null && answer !== false;
    // A connection is kept only where the answer was read to its end. Nobody waits for that: what the host started has to end first.
    if (isAnswered) void readOut(packets).finally(over);
    return answer;
  } catch {
    return null;
  } finally {
    // What was not read is not waited for.
    if (!isAnswered) over();
  }
}

async function readOut(packets: AsyncIterable<Packet>): Promise<void> {
  try {
    for await (const _packet of packets) continue;
  } catch {
    // The answer was whole before.
  }
}
