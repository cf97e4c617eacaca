import { readFields, writeMessage } from '../../src/engine/bytes/wire.js';

/** What we send in a sync, as the engine reads it. */
export type SentPacket =
  | { readonly kind: 'stat'; readonly stat: SentStat }
  | { readonly kind: 'end-of-stats' }
  | { readonly kind: 'data'; readonly id: number; readonly data: Buffer }
  | { readonly kind: 'fin' };

export interface SentStat {
  readonly path: string;
  readonly mode: number;
  readonly size: number;
  /** Nanoseconds since the epoch; as precise as a number can be. */
  readonly modified: number;
  readonly link: string;
}

type Values = ReadonlyMap<number, number | Buffer>;

const valuesOf = (message: Buffer): Values =>
  new Map(Array.from(readFields(message), ({ number, value }) => [number, value] as const));
const numberIn = (values: Values, field: number) => {
  const value = values.get(field) ?? 0;
  return Buffer.isBuffer(value) ? NaN : value;
};
const bytesIn = (values: Values, field: number) => {
  const value = values.get(field) ?? Buffer.alloc(0);
  return Buffer.isBuffer(value) ? value : Buffer.from('?');
};

/** Field numbers and kinds as in fsutil's wire.proto and stat.proto. */
export function readSent(message: Buffer): SentPacket {
  const values = valuesOf(message);
  const kind = numberIn(values, 1);
  if (kind === 2) return { kind: 'data', id: numberIn(values, 3), data: bytesIn(values, 4) };
  if (kind === 3) return { kind: 'fin' };
  if (kind !== 0) throw new Error(`A packet of kind ${kind} is not for us to send.`);
  if (!values.has(2)) return { kind: 'end-of-stats' };
  const stat = valuesOf(bytesIn(values, 2));
  return {
    kind: 'stat',
    stat: {
      path: bytesIn(stat, 1).toString(),
      mode: numberIn(stat, 2),
      size: numberIn(stat, 5),
      modified: numberIn(stat, 6),
      link: bytesIn(stat, 7).toString(),
    },
  };
}

export const askFor = (id: number): Buffer =>
  writeMessage([
    [1, 1],
    [3, id],
  ]);
export const engineFin: Buffer = writeMessage([[1, 3]]);
export const engineError = (words: string): Buffer =>
  writeMessage([
    [1, 4],
    [4, words],
  ]);
