import { StringDecoder } from 'node:string_decoder';
import { ByteCollector } from '../../docker/byte-collector.js';
import { SlipwayError } from '../../errors.js';
import type { ContainerLogLine } from '../contract.js';
import { timeOf } from './container-state.js';

/**
 * One byte for the stream, three zeros, four for the length (https://docs.docker.com/reference/api/engine/, "Attach to a container"). A frame
 * is one entry of the log: a line, or a part of a long one, behind its time.
 */
const HEADER_BYTES = 8;
/** A frame of the engine's own has some 16 KiB. */
const MAX_FRAME_BYTES = 1024 * 1024;
const MAX_LINE_CHARACTERS = 64 * 1024;
/** Of a time with nanoseconds and its zone. */
const MAX_TIME_CHARACTERS = 36;

export interface LogReader {
  /** The lines that these bytes complete. Fails with `engine-error` for a frame over 1 MiB. */
  take(bytes: Buffer): readonly ContainerLogLine[];
  /** What is left at the end of the output. */
  end(): readonly ContainerLogLine[];
}

type StreamName = ContainerLogLine['stream'];

/** Reads the log of a container, with times. `terminal`: it has one, so its output comes without frames. */
export function createLogReader(terminal: boolean): LogReader {
  const [stdout, stderr] = [createLines('stdout', terminal), createLines('stderr', terminal)];
  const frames = createFrames();
  return {
    take: (bytes) =>
      terminal
        ? stdout.take(bytes)
        : frames(bytes).flatMap(({ stream, content }) => (stream === 'stdout' ? stdout : stderr).take(content)),
    end: () => [...stdout.end(), ...stderr.end()],
  };
}

interface Frame {
  readonly stream: StreamName;
  readonly content: Buffer;
}

function createFrames(): (bytes: Buffer) => readonly Frame[] {
  const collected = new ByteCollector();
  let frame: { readonly stream: StreamName; readonly size: number } | null = null;
  return (bytes) => {
    const frames: Frame[] = [];
    for (let at = 0; at < bytes.length;) {
      const size: number = frame?.size ?? HEADER_BYTES;
      const piece = bytes.subarray(at, at + size - collected.size);
      at += piece.length;
      collected.append(piece);
      if (collected.size < size) break;
      const whole = collected.take();
      if (frame !== null) frames.push({ stream: frame.stream, content: whole });
      const next: { readonly stream: StreamName; readonly size: number } | null = frame === null ? header(whole) : null;
      frame = next?.size === 0 ? null : next;
    }
    return frames;
  };
}

function header(bytes: Buffer): { stream: StreamName; size: number } {
  const size = bytes.readUInt32BE(4);
  if (bytes.readUInt8(0) > 2 || size > MAX_FRAME_BYTES)
    throw new SlipwayError('engine-error', 'The engine sent a log that is not one, or a part of more than 1 MiB.');
  return { stream: bytes.readUInt8(0) === 2 ? 'stderr' : 'stdout', size };
}

interface Lines {
  take(content: Buffer): readonly ContainerLogLine[];
  end(): readonly ContainerLogLine[];
}

/** Joins parts to lines. Each part has a time before it; from a terminal, each line. */
function createLines(stream: StreamName, terminal: boolean): Lines {
  const decoder = new StringDecoder('utf8');
  let text = '';
  let at: number | null = null;
  const line = (content: string, goesOn = false): ContainerLogLine => {
    const dated = terminal ? split(content) : { at, text: content };
    const read = { stream, at: dated.at, text: dated.text.replace(/\r$/, '') };
    return goesOn ? { ...read, goesOn } : read;
  };
  const full = (): readonly ContainerLogLine[] => {
    const [last = '', ...whole] = text.split('\n').reverse();
    const lines = whole.reverse().flatMap((content) => {
      const pieces = parts(content);
      return pieces.map((piece, at) => line(piece, at < pieces.length - 1));
    });
    const tooLong = last.length > MAX_LINE_CHARACTERS ? parts(last) : [];
    text = tooLong.length > 0 ? (tooLong.pop() ?? '') : last;
    return [...lines, ...tooLong.map((piece) => line(piece, true))];
  };
  return {
    take(content) {
      const decoded = decoder.write(content);
      const part = terminal ? { at: null, text: decoded } : split(decoded);
      if (text === '') ({ at } = part);
      text += part.text;
      return full();
    },
    end: () => (text === '' ? [] : [line(text)]),
  };
}

/** A long line in pieces. An empty line is one piece. */
function parts(content: string): string[] {
  const pieces: string[] = [];
  for (let from = 0; from < content.length; from += MAX_LINE_CHARACTERS)
    pieces.push(content.slice(from, from + MAX_LINE_CHARACTERS));
  return pieces.length === 0 ? [''] : pieces;
}

/** Takes the time off the beginning of a text, if there is one. */
function split(text: string): { at: number | null; text: string } {
  const blank = text.slice(0, MAX_TIME_CHARACTERS).indexOf(' ');
  const at = blank === -1 ? null : /^\d{4}-/.test(text) ? timeOf(text.slice(0, blank)) : null;
  return at === null ? { at, text } : { at, text: text.slice(blank + 1) };
}
