import type { BuildEvent } from './contract.js';
import { createLineBuffer, type LineBuffer } from './lines.js';
import type { Mask } from './mask.js';
import type { BuildStatusMessage, Vertex, VertexOutput } from './status.js';

/** Lines kept of each step, for the error message if it fails. */
const tail = 5;

/** Looking for layers to take over: what comes of it changes how long a build takes, not whether it succeeds. */
const cacheImport = /^importing cache manifest from (.+)$/;

interface StepState {
  readonly name: string;
  finished: boolean;
  error: string;
  readonly lastLines: string[];
  readonly streams: Map<number, LineBuffer>;
}

export interface FailedStep {
  readonly name: string;
  /** BuildKit's words. */
  readonly error: string;
  readonly lastLines: readonly string[];
}

/** What a build's status messages come to: events in order, and which step failed. */
export interface Steps {
  take(message: BuildStatusMessage): void;
  /** The step that broke the build, not one that was stopped because another broke; null where none did. `message` is the build's error. */
  failed(message: string): FailedStep | null;
}

/**
 * Turns status messages into events. BuildKit repeats each step whenever something about it changes, and the same step (by digest) may
 * come again after its end: it starts once and finishes once here. Its output comes as whole lines, the last of them before its end. No
 * text leaves without having been through `mask`.
 */
export function createSteps(onEvent: (event: BuildEvent) => void, mask: Mask = (text) => text): Steps {
  const states = new Map<string, StepState>();
  const print = (state: StepState | undefined, lines: readonly string[]): void => {
    for (const text of lines.map(mask)) {
      onEvent({ kind: 'output', line: { step: state?.name ?? null, text } });
      if (state === undefined || text.trim() === '') continue;
      state.lastLines.push(text);
      if (state.lastLines.length > tail) state.lastLines.shift();
    }
  };
  const takeVertex = (vertex: Vertex): void => {
    if (vertex.startedAt === null) return;
    const state =
      states.get(vertex.digest) ?? begin(states, { ...vertex, name: mask(vertex.name) }, vertex.startedAt, onEvent);
    const source = cacheImport.exec(vertex.name)?.[1];
    if (source === undefined && vertex.error !== '') state.error = mask(vertex.error);
    if (vertex.completedAt === null || state.finished) return;
    state.finished = true;
    for (const stream of state.streams.values()) print(state, stream.end());
    if (source !== undefined && vertex.error !== '') {
      print(state, [`No layers can be taken over from ${source}: ${vertex.error}`]);
    }
    const error = state.error === '' ? null : state.error;
    onEvent({ kind: 'step-finished', step: state.name, at: vertex.completedAt, cached: vertex.cached, error });
  };
  const takeOutput = ({ vertex, stream, bytes }: VertexOutput): void => {
    const state = states.get(vertex);
    if (state === undefined) return print(state, createLineBuffer().take(bytes));
    const lines = state.streams.get(stream) ?? createLineBuffer();
    state.streams.set(stream, lines);
    print(state, lines.take(bytes));
    if (state.finished) print(state, lines.end());
  };
  return {
    take({ vertexes, outputs }) {
      const ending = new Set<string>();
      for (const { vertex, ends } of inOrderOfTime(vertexes)) {
        takeVertex(ends ? stillRunning(vertex) : vertex);
        if (!ends || ending.has(vertex.digest)) continue;
        // A message may both end a step and carry its last output.
        ending.add(vertex.digest);
        outputs.filter((output) => output.vertex === vertex.digest).forEach(takeOutput);
        takeVertex(vertex);
      }
      outputs.filter((output) => !ending.has(output.vertex)).forEach(takeOutput);
    },
    failed(message) {
      const broken = [...states.values()].filter(
        (state) => state.error !== '' && !/context canceled/i.test(state.error),
      );
      const state = broken.find((candidate) => message.includes(candidate.error)) ?? broken[0];
      return state === undefined ? null : { name: state.name, error: state.error, lastLines: state.lastLines };
    },
  };
}

/** The same step before its end. */
const stillRunning = (vertex: Vertex): Vertex => ({ ...vertex, completedAt: null, error: '' });

interface Moment {
  readonly at: number;
  readonly vertex: Vertex;
  readonly ends: boolean;
}

/** Beginnings and ends of steps as they followed each other: one message may tell of a step's end and of the next one's beginning. */
function inOrderOfTime(vertexes: readonly Vertex[]): readonly Moment[] {
  const moments = vertexes.flatMap((vertex): Moment[] => {
    const { startedAt, completedAt } = vertex;
    if (startedAt === null) return [];
    if (completedAt === null) return [{ at: startedAt, vertex, ends: false }];
    return [
      { at: startedAt, vertex: stillRunning(vertex), ends: false },
      { at: completedAt, vertex, ends: true },
    ];
  });
  return moments.sort((one, other) => one.at - other.at || Number(other.ends) - Number(one.ends));
}

function begin(
  states: Map<string, StepState>,
  vertex: Vertex,
  at: number,
  onEvent: (event: BuildEvent) => void,
): StepState {
  const state: StepState = { name: vertex.name, finished: false, error: '', lastLines: [], streams: new Map() };
  states.set(vertex.digest, state);
  onEvent({ kind: 'step-started', step: vertex.name, at });
  return state;
}
