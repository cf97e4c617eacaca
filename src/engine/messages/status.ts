import { SlipwayError } from '../../errors.js';
import { fieldBudget, readFields, type FieldBudget, type WireField } from '../bytes/wire.js';

/** A step of a build, as BuildKit reports it again and again. Times in milliseconds since the epoch. */
export interface Vertex {
  readonly digest: string;
  readonly name: string;
  readonly cached: boolean;
  readonly startedAt: number | null;
  readonly completedAt: number | null;
  /** Empty without an error. */
  readonly error: string;
}

/** A piece of what a step printed: any bytes, not lines. */
export interface VertexOutput {
  readonly vertex: string;
  /** 1 standard output, 2 standard error. */
  readonly stream: number;
  readonly bytes: Buffer;
}

export interface BuildStatusMessage {
  readonly vertexes: readonly Vertex[];
  readonly outputs: readonly VertexOutput[];
}

/** Maximum entries in one message. BuildKit sends updates several times a second. */
const MAX_ENTRIES = 100_000;

/** Lines of output in one message; the rest is left out. BuildKit itself lets a step print 200 KB a second. */
const MAX_LINES = 50_000;
const leftOutNote = Buffer.from('[more lines were left out]\n');

/**
 * Reads a `moby.buildkit.v1.StatusResponse` (https://github.com/moby/buildkit/blob/master/api/services/control/control.proto). Byte counts
 * of downloads are left out. A warning counts as output of its step. Fails with `engine-error` for invalid bytes or more than 100,000
 * entries.
 */
export function readStatus(message: Buffer): BuildStatusMessage {
  const vertexes: Vertex[] = [];
  const outputs: VertexOutput[] = [];
  const budget = fieldBudget();
  const cut = lineCutter();
  for (const field of readFields(message, budget)) {
    if (field.kind !== 'bytes') continue;
    if (field.number === 1) vertexes.push(readVertex(field.value, budget));
    if (field.number === 3) outputs.push(cut(readLog(field.value, budget)));
    if (field.number === 4) outputs.push(cut(readWarning(field.value, budget)));
    if (vertexes.length + outputs.length > MAX_ENTRIES)
      throw new SlipwayError('engine-error', `The engine sent a status of more than ${MAX_ENTRIES} entries.`);
  }
  return { vertexes, outputs };
}

/** Cuts output off after `MAX_LINES` lines. */
function lineCutter(): (output: VertexOutput) => VertexOutput {
  let left = MAX_LINES;
  return (output) => {
    const { bytes: printed } = output;
    let end = printed.indexOf(LINE_FEED);
    for (; end >= 0 && left > 0; end = printed.indexOf(LINE_FEED, end + 1)) left -= 1;
    return end < 0 ? output : { ...output, bytes: Buffer.concat([printed.subarray(0, end + 1), leftOutNote]) };
  };
}

const LINE_FEED = 0x0a;

function readVertex(message: Buffer, budget: FieldBudget): Vertex {
  const fields = byNumber(message, budget);
  return {
    digest: text(fields.get(1)),
    name: text(fields.get(3)),
    cached: scalar(fields.get(4)) !== 0,
    startedAt: readTime(fields.get(5), budget),
    completedAt: readTime(fields.get(6), budget),
    error: text(fields.get(7)),
  };
}

function readLog(message: Buffer, budget: FieldBudget): VertexOutput {
  const fields = byNumber(message, budget);
  return { vertex: text(fields.get(1)), stream: scalar(fields.get(3)), bytes: bytes(fields.get(4)) };
}

function readWarning(message: Buffer, budget: FieldBudget): VertexOutput {
  const fields = byNumber(message, budget);
  return { vertex: text(fields.get(1)), stream: 2, bytes: Buffer.from(`WARNING: ${text(fields.get(3))}\n`) };
}

/** `google.protobuf.Timestamp`. */
function readTime(field: WireField | undefined, budget: FieldBudget): number | null {
  if (field?.kind !== 'bytes') return null;
  const fields = byNumber(field.value, budget);
  return scalar(fields.get(1)) * 1000 + Math.floor(scalar(fields.get(2)) / 1_000_000);
}

/** The last one of each number, which is protobuf's rule for fields that are not lists. */
function byNumber(message: Buffer, budget: FieldBudget): ReadonlyMap<number, WireField> {
  const fields = new Map<number, WireField>();
  for (const field of readFields(message, budget)) fields.set(field.number, field);
  return fields;
}

function bytes(field: WireField | undefined): Buffer {
  return field?.kind === 'bytes' ? field.value : Buffer.alloc(0);
}

function text(field: WireField | undefined): string {
  return bytes(field).toString();
}

function scalar(field: WireField | undefined): number {
  return field?.kind === 'scalar' ? field.value : 0;
}
