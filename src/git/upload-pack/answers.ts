import type { RemoteRefs } from '../contract.js';
import { decodeName } from '../../name-bytes.js';
import { ReferenceList } from '../references/reference-lists.js';
import { type Packet, withoutLineFeed } from './pkt-line.js';

/* Parsers for the answers of protocol version 2 (gitprotocol-v2(5)). Null for anything unexpected: the caller then falls back to git. */

/** Lines of capabilities. A host sends about ten. */
const MAX_CAPABILITIES = 100;

export interface Capabilities {
  /** True if packs can leave out large contents. */
  readonly filter: boolean;
}

/** Reads the capabilities from `GET info/refs` when the client offered version 2. Null if a needed one is missing. */
export async function readCapabilities(packets: AsyncIterable<Packet>): Promise<Capabilities | null> {
  const lines: string[] = [];
  for await (const packet of packets) {
    if (lines.length > MAX_CAPABILITIES) return null;
    if (packet.kind === 'line') lines.push(withoutLineFeed(packet.payload).toString('latin1'));
    // Over HTTP the name of the service comes first, then a flush.
    else if (packet.kind === 'flush' && lines.includes('version 2')) return capabilitiesOf(lines);
  }
  return null;
}

function capabilitiesOf(lines: readonly string[]): Capabilities | null {
  const valueOf = (name: string): readonly string[] | null => {
    const line = lines.find((one) => one === name || one.startsWith(`${name}=`));
    return line === undefined ? null : line.slice(name.length + 1).split(' ');
  };
  const fetch = valueOf('fetch');
  const format = valueOf('object-format') ?? ['sha1'];
  if (valueOf('ls-refs') === null || fetch === null || !format.includes('sha1')) return null;
  return { filter: fetch.includes('filter') };
}

/** The answer to `ls-refs` with `symrefs` and `peel`. */
export async function readRefs(packets: AsyncIterable<Packet>): Promise<RemoteRefs | null> {
  const list = new ReferenceList();
  for await (const packet of packets) {
    if (packet.kind === 'flush') return list;
    const row = packet.kind === 'line' ? readRef(decodeName(withoutLineFeed(packet.payload))) : null;
    if (row === null) return null;
    const { id, ref, target, peeled } = row;
    if (ref === 'HEAD') list.addHead(target ?? null);
    else list.add(ref, id, peeled ?? null);
  }
  return null;
}

/** `<id> <ref>`, then attributes. The name of a ref has no blanks. */
function readRef(line: string) {
  const [id = '', ref, ...attributes] = line.split(' ');
  const attribute = (name: string) => attributes.find((one) => one.startsWith(name))?.slice(name.length);
  if (!/^[0-9a-f]{40}$/.test(id) || ref === undefined) return null;
  return { id, ref, target: attribute('symref-target:'), peeled: attribute('peeled:') };
}

/** Bands of the multiplexed pack: the pack itself, progress messages, errors. */
const PACK_BAND = 1;
const NEWS_BAND = 2;

/**
 * The pack from a `fetch` that ended with `done`, as it arrives. @returns whether it is complete. If not, the bytes so far are not a pack.
 */
export async function* readPack(packets: AsyncIterable<Packet>): AsyncGenerator<Buffer, boolean, undefined> {
  let begun = false;
  for await (const packet of packets) {
    if (begun && packet.kind === 'flush') return true;
    if (packet.kind !== 'line') continue;
    const { payload } = packet;
    if (!begun) {
      const section = withoutLineFeed(payload).toString('latin1');
      // A shallow host lacks parents. Git says so.
      if (section.startsWith('ERR ') || section === 'shallow-info') return false;
      begun = section === 'packfile';
    } else if (payload[0] === PACK_BAND) yield payload.subarray(1);
    else if (payload[0] !== NEWS_BAND) return false;
  }
  return false;
}
