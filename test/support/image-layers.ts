import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { extract } from 'tar-stream';
import { connectEngine, type EngineAnswer } from '../../src/docker/connection.js';
import { engineHost } from './engine.js';

/** An entry of a layer, less its time. */
export interface LayerEntry {
  readonly type: string;
  readonly mode: number;
  /** `uid:gid`. */
  readonly owner: string;
  /** Of a link: where it leads; of a file: its content. */
  readonly content: string;
}

export interface Layer {
  /** `sha256:…` of the whole layer. */
  readonly digest: string;
  readonly entries: Readonly<Record<string, LayerEntry>>;
  /** Path → seconds since the epoch. */
  readonly times: Readonly<Record<string, number>>;
  /** Path → all bytes of the entry, headers included. */
  readonly bytes: Readonly<Record<string, Buffer>>;
}

/** What an image on the engine is made of, in order, as the engine itself hands it out. */
export async function readLayers(image: string): Promise<readonly Layer[]> {
  const answer = await save(image);
  const files = new Map<string, Buffer>();
  const reader = extract();
  answer.body.pipe(reader);
  for await (const entry of reader) files.set(entry.header.name, await contentOf(entry));
  const [manifest] = JSON.parse(String(files.get('manifest.json'))) as { Layers: string[] }[];
  return Promise.all((manifest?.Layers ?? []).map((name) => readLayer(unpacked(files.get(name) ?? Buffer.alloc(0)))));
}

/** Containerd's garbage collection may take the lease of an export away in the middle: then it is asked once more. */
async function save(image: string, again = true): Promise<EngineAnswer> {
  const answer = await connectEngine(engineHost(), null).send({ method: 'GET', path: `/images/${image}/get` });
  if (answer.status === 200) return answer;
  const fault = await text(answer.body);
  if (again && fault.includes('lease')) return save(image, false);
  throw new Error(`${image} cannot be saved: ${fault}`);
}

/** Containerd's store has layers compressed. */
const unpacked = (layer: Buffer): Buffer => (layer[0] === 0x1f && layer[1] === 0x8b ? gunzipSync(layer) : layer);

async function readLayer(archive: Buffer): Promise<Layer> {
  const reader = extract();
  reader.end(archive);
  const entries: Record<string, LayerEntry> = {};
  const times: Record<string, number> = {};
  const bytes: Record<string, Buffer> = {};
  const pieces = rawEntries(archive);
  for await (const entry of reader) {
    const { name, type, mode = 0, uid = 0, gid = 0, linkname, mtime } = entry.header;
    const path = name.replace(/\/$/, '');
    const content = await contentOf(entry);
    entries[path] = {
      type: type ?? 'file',
      mode: mode & 0o7777,
      owner: `${uid}:${gid}`,
      content: linkname ?? content.toString('latin1'),
    };
    times[path] = (mtime?.getTime() ?? 0) / 1000;
    bytes[path] = pieces.next().value ?? Buffer.alloc(0);
  }
  return { digest: `sha256:${createHash('sha256').update(archive).digest('hex')}`, entries, times, bytes };
}

/** Each entry of an archive with the headers that belong to it (https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html). */
function* rawEntries(archive: Buffer): Generator<Buffer, undefined> {
  const block = 512;
  for (let start = 0, at = 0; at + block <= archive.length && archive[at] !== 0;) {
    const size = parseInt(archive.toString('latin1', at + 124, at + 136), 8);
    const belongsToNext = 'xgLK'.includes(String.fromCharCode(archive[at + 156] ?? 0));
    at += block + Math.ceil(size / block) * block;
    if (belongsToNext) continue;
    yield archive.subarray(start, at);
    start = at;
  }
}

async function contentOf(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks);
}
