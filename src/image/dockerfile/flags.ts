import { isSpace, trimSpace } from './blanks.js';

/** Flags without quotes and escapes, and the rest of an instruction's arguments. */
export interface WrittenFlags {
  readonly flags: readonly string[];
  readonly rest: string;
}

/**
 * Reads the flags at the beginning of an instruction's arguments (moby/buildkit, frontend/dockerfile/parser/split_command.go
 * `extractBuilderFlags`). BuildKit walks them byte by byte: each byte of a character becomes one of Latin-1, and the bytes 85 and A0 are
 * blanks. A quote that stays open lasts to the end. `--` alone ends the flags.
 */
export function readFlags(text: string, escape: string): WrittenFlags {
  if (!text.startsWith('--')) return { flags: [], rest: trimSpace(text) };
  const bytes = Buffer.from(text).toString('latin1');
  const flags: string[] = [];
  let at = 0;
  while (bytes.startsWith('--', at)) {
    const { flag, end } = readFlag(bytes, at, escape);
    at = skipSpaces(bytes, end);
    if (flag === '--') break;
    flags.push(flag);
  }
  return { flags, rest: trimSpace(Buffer.from(bytes.slice(at), 'latin1').toString()) };
}

function readFlag(bytes: string, start: number, escape: string): { readonly flag: string; readonly end: number } {
  let flag = '';
  let quote = '';
  let at = start;
  for (; at < bytes.length; at += 1) {
    const char = bytes[at] ?? '';
    if (quote === '' && isSpace(char)) break;
    if (quote === '' && (char === '"' || char === "'")) quote = char;
    else if (char === quote) quote = '';
    else if (char === escape) {
      at += 1;
      flag += bytes[at] ?? '';
    } else flag += char;
  }
  return { flag, end: at };
}

function skipSpaces(bytes: string, start: number): number {
  let at = start;
  while (at < bytes.length && isSpace(bytes[at] ?? '')) at += 1;
  return at;
}

/** The value of `--name=value`. Null without one; BuildKit treats an empty one as absent (instructions/parse.go `parseCopy`). */
export function flagValue(flags: readonly string[], name: string): string | null {
  const value = flags.find((flag) => flag.startsWith(`--${name}=`))?.slice(name.length + 3) ?? '';
  return value === '' ? null : value;
}

/** Whether a boolean flag is on: `--name`, or `--name=true` in any case (instructions/bflag.go `Parse`). */
export const isFlagOn = (flags: readonly string[], name: string): boolean =>
  flags.some((flag) => flag === `--${name}` || flag.toLowerCase() === `--${name}=true`);
