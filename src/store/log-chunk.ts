import type { Flag } from './schema.js';

interface LastChunk {
  readonly number: number;
  readonly bytes: number;
  readonly is_full: Flag;
}

interface Chunk extends LastChunk {
  readonly text: string;
}

/** What is stored of text that is appended behind the last chunk of a log. Null: the log is full. `limit`: UTF-8 bytes. */
export function nextChunk(last: LastChunk | undefined, text: string, limit: number): Chunk | null {
  if (last?.is_full) return null;
  const before = last?.bytes ?? 0;
  const size = Buffer.byteLength(text);
  const fits = before + size <= limit;
  return {
    number: (last?.number ?? -1) + 1,
    text: fits ? text : beginning(text, limit - before) + droppedLine(limit),
    bytes: fits ? before + size : limit,
    is_full: fits ? 0 : 1,
  };
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
