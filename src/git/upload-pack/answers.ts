import type { RemoteRefs } from '../contract.js';
import { decodeName } from '../names.js';
import { ReferenceList } from '../reference-lists.js';
import { type Packet, withoutLineFeed } from './pkt-line.js';

/*
 * Answers of protocol version 2 (gitprotocol-v2(5)). Each is null where the host says anything but what is expected: whoever asked then
 * leaves it to git.
 */

/** Lines in which a host says what it can do: some ten. */
const mostCapabilities = 100;

export interface Capabilities {
  /** Whether packs can be had without large contents. */
  readonly filter: boolean;
}

/** What `GET info/refs` tells a client that offered version 2: what the host can do. Null: not all that is needed. */
export async function readCapabilities(packets: AsyncIterable<Packet>): Promise<Capabilities | null> {
  const lines: string[] = [];
  for await (const packet of packets) {
    if (lines.length > mostCapabilities) return null;
    if (packet.kind === 'line') lines.push(withoutLineFeed(packet.payload).toString('latin1'));
    // Over HTTP the name of the service comes first, and a flush after it.
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

/** `<id> <ref>`, then attributes; no ref has a blank in its name. */
function readRef(line: string) {
  const [id = '', ref, ...attributes] = line.split(' ');
  const attribute = (name: string) => attributes.find((one) => one.startsWith(name))?.slice(name.length);
  if (!/^[0-9a-f]{40}$/.test(id) || ref === undefined) return null;
  return { id, ref, target: attribute('symref-target:'), peeled: attribute('peeled:') };
}

/** Bands of the multiplexed pack: the pack itself, news for a person, and what went wrong. */
const packBand = 1;
const newsBand = 2;

/**
 * The pack in the answer to a `fetch` that ended with `done`, as it comes.
 * @returns whether it came whole; what had come by then is no pack otherwise.
 */
export async function* readPack(packets: AsyncIterable<Packet>): AsyncGenerator<Buffer, boolean, undefined> {
  let begun = false;
  for await (const packet of packets) {
    if (begun && packet.kind === 'flush') return true;
    if (packet.kind !== 'line') continue;
    const { payload } = packet;
    if (!begun) {
      const section = withoutLineFeed(payload).toString('latin1');
      if (section.startsWith('ERR ')) return false;
      begun = section === 'packfile';
    } else if (payload[0] === packBand) yield payload.subarray(1);
    else if (payload[0] !== newsBand) return false;
  }
  return false;
}
