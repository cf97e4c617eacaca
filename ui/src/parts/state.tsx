import type { VNode } from 'preact';

/** The states of builds, services, decisions, hosts and deployments in one vocabulary: shape, colour and word. */
const states = {
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
  drift: { glyph: '△', tone: 'warn', word: 'regions drifted' },
  'in-step': { glyph: '✓', tone: 'ok', word: 'runs what is wanted' },
  behind: { glyph: '↓', tone: 'warn', word: 'behind' },
  other: { glyph: '≠', tone: 'bad', word: 'runs something else' },
  stopped: { glyph: '▪', tone: 'idle', word: 'stopped' },
  'not-there': { glyph: '·', tone: 'idle', word: 'not deployed' },
  unknown: { glyph: '?', tone: 'idle', word: 'not known' },
  'rolled-back': { glyph: '↶', tone: 'bad', word: 'rolled back' },
  changes: { glyph: '…', tone: 'warn', word: 'applies with the next deployment' },
  ok: { glyph: '✓', tone: 'ok', word: 'well' },
  note: { glyph: '△', tone: 'warn', word: 'worth knowing' },
  fault: { glyph: '✕', tone: 'bad', word: 'at fault' },
} as const;

export type StateName = keyof typeof states;

/** Glyph and word of a state, for titles and texts. */
export const glyphOf = (state: StateName): string => states[state].glyph;
export const wordOf = (state: StateName): string => states[state].word;
/** The class of its colour. */
export const toneOf = (state: StateName): (typeof states)[StateName]['tone'] => states[state].tone;

/** The mark of a state. Screen readers hear its word. `word` shows it, too; a text replaces it. */
export function State({ of, word = false }: { of: StateName; word?: boolean | string }): VNode {
  const { glyph, tone, word: usual } = states[of];
  const said = typeof word === 'string' ? word : usual;
  return (
    <span class={`state ${tone}`} data-state={of} title={word === false ? said : undefined}>
      <span class="glyph" aria-hidden="true">
        {glyph}
      </span>
      <span class={word === false ? 'hidden' : ''}> {said}</span>
    </span>
  );
}

/** The state of a build in that vocabulary. */
export function stateOfBuild({ status, outcome }: { status: string; outcome: string | null }): StateName {
  if (status === 'succeeded') return outcome === 'reused' ? 'reused' : 'built';
  return status in states ? (status as StateName) : 'unknown';
}
