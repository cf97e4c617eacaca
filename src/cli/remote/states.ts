import type { Colours } from './terminal.js';

type Tone = 'ok' | 'bad' | 'run' | 'warn' | 'idle';

/** The vocabulary of the pages (`ui/src/parts/state.tsx`): glyph, colour and word of a state. */
const states: Readonly<Record<string, { readonly glyph: string; readonly tone: Tone; readonly word: string }>> = {
  built: { glyph: '✓', tone: 'ok', word: 'built' },
  succeeded: { glyph: '✓', tone: 'ok', word: 'succeeded' },
  reused: { glyph: '↺', tone: 'ok', word: 'reused' },
  running: { glyph: '◐', tone: 'run', word: 'running' },
  queued: { glyph: '○', tone: 'idle', word: 'waits' },
  pending: { glyph: '○', tone: 'idle', word: 'waits' },
  failed: { glyph: '✕', tone: 'bad', word: 'failed' },
  canceled: { glyph: '⊘', tone: 'idle', word: 'canceled' },
  superseded: { glyph: '⤳', tone: 'idle', word: 'overtaken' },
  skipped: { glyph: '–', tone: 'idle', word: 'nothing to build' },
  ignored: { glyph: '–', tone: 'idle', word: 'ignored' },
  'waits-for-artifact': { glyph: '⧗', tone: 'warn', word: 'waits for an artifact' },
  none: { glyph: '·', tone: 'idle', word: 'never built' },
  'rolled-back': { glyph: '↶', tone: 'bad', word: 'rolled back' },
  other: { glyph: '≠', tone: 'bad', word: 'runs something else' },
  behind: { glyph: '↓', tone: 'warn', word: 'behind' },
  unknown: { glyph: '?', tone: 'idle', word: 'not known' },
  ok: { glyph: '✓', tone: 'ok', word: 'well' },
  note: { glyph: '△', tone: 'warn', word: 'worth knowing' },
  fault: { glyph: '✕', tone: 'bad', word: 'at fault' },
  'not-there': { glyph: '·', tone: 'idle', word: 'not deployed' },
};

const paints: Readonly<Record<Tone, keyof Colours>> = {
  ok: 'green',
  bad: 'red',
  run: 'blue',
  warn: 'yellow',
  idle: 'dim',
};

const stateOf = (name: string) => states[name] ?? { glyph: '?', tone: 'idle' as const, word: name };

export const glyph = (name: string): string => stateOf(name).glyph;

export const word = (name: string): string => stateOf(name).word;

/** Paints a text in the colour of a state. */
export const inColour = (name: string, colours: Colours) => colours[paints[stateOf(name).tone]];

/** The state of a build in that vocabulary. */
export const buildState = ({
  status,
  outcome,
}: {
  readonly status: string;
  readonly outcome: string | null;
}): string => (status === 'succeeded' && outcome !== null ? outcome : status);
