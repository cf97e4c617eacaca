import type { LogChunk, LogMark } from './log-contract.js';
import type { ChunkColumns } from './log-schema.js';

/** What is asked of the last chunk of a log before more is appended. */
export const lastColumns = ['number', 'bytes', 'is_full', 'lines'] as const;

type LastChunk = Pick<ChunkColumns, (typeof lastColumns)[number]>;

/** Text that one step wrote. */
export interface LogPiece {
  readonly text: string;
  readonly mark: LogMark;
}

export const unmarked: LogMark = { at: null, step: null };

/** A chunk as it is stored, and the line with which it begins. */
interface NextChunk {
  readonly columns: ChunkColumns;
  readonly firstLine: number | null;
}

/** The same text with as few pieces as possible. Empty ones are left out. */
export function joinPieces(pieces: readonly LogPiece[]): readonly LogPiece[] {
  const joined: { mark: LogMark; texts: string[] }[] = [];
  for (const { text, mark } of pieces) {
    if (text === '') continue;
    const last = joined.at(-1);
    if (last !== undefined && last.mark.step === mark.step && mark.opens !== true) last.texts.push(text);
    else joined.push({ mark, texts: [text] });
  }
  return joined.map(({ mark, texts }) => ({ mark, text: texts.join('') }));
}

/** What is stored of pieces that are appended behind the last chunk of a log. `limit`: UTF-8 bytes of the whole log. */
export function nextChunks(
  last: LastChunk | undefined,
  pieces: readonly LogPiece[],
  limit: number,
): readonly (NextChunk & { readonly mark: LogMark })[] {
  const chunks: (NextChunk & { readonly mark: LogMark })[] = [];
  let before = last;
  for (const piece of pieces) {
    const next = nextChunk(before, piece, limit);
    if (next === null) break;
    chunks.push({ ...next, mark: piece.mark });
    before = next.columns;
  }
  return chunks;
}

/** Null: the log is full. */
function nextChunk(last: LastChunk | undefined, { text, mark }: LogPiece, limit: number): NextChunk | null {
  if (last?.is_full) return null;
  const before = last?.bytes ?? 0;
  const linesBefore = last === undefined ? 0 : last.lines;
  const size = Buffer.byteLength(text);
  const fits = before + size <= limit;
  // The limit may be below what was stored while another one was in force.
  const kept = fits ? text : beginning(text, Math.max(0, limit - before)) + droppedLine(limit);
  const columns = {
    number: (last?.number ?? -1) + 1,
    text: kept,
    bytes: fits ? before + size : Math.max(before, limit),
    is_full: fits ? 0 : 1,
    at: mark.at,
    step: mark.step,
    lines: linesBefore === null ? null : linesBefore + lineFeedsIn(kept),
  } as const;
  return { columns, firstLine: linesBefore === null ? null : linesBefore + 1 };
}

export const chunkColumns = ['number', 'text', 'at', 'step'] as const;

/** What reading a log from a chunk on resolves with. */
export function textFrom(from: number, chunks: readonly LogChunk[]): { text: string; next: number } {
  const last = chunks.at(-1);
  return { text: chunks.map(({ text }) => text).join(''), next: last ? last.number + 1 : from };
}

function lineFeedsIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

/** The longest beginning of the text within the limit, without half characters, ending with a line feed. */
function beginning(text: string, bytes: number): string {
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(Math.min(bytes, 3 * text.length)));
  const kept = text.slice(0, read);
  return kept === '' || kept.endsWith('\n') ? kept : `${kept}\n`;
}

function droppedLine(limit: number): string {
  return `The log has reached its limit of ${limit} bytes (limits.log); the rest was dropped.\n`;
}
