import { SlipwayError } from '../../errors.js';
import type { BuildEvent } from '../contract.js';
import { bounded } from './fault-words.js';
import { createLineBuffer } from './lines.js';
import type { Mask } from '../../mask.js';
import type { BuildStatusMessage, Vertex, VertexOutput } from './status.js';
import { createStepOutput, shortened, type StepState } from './step-output.js';

/** Characters kept of a step's name. */
const MAX_NAME_CHARACTERS = 4096;
/** Characters kept of a step's error, to recognise it in the build's error. */
const MAX_ERROR_CHARACTERS = 200;
/** Steps considered when looking for the one that broke a build. */
const MAX_BROKEN_STEPS = 20;
/** Five times the instructions that a Dockerfile may have. */
const MAX_STEPS = 50_000;

/** Importing cached layers affects how long a build takes, not whether it succeeds. */
const cacheImport = /^importing cache manifest from (.+)$/;

export interface FailedStep {
  readonly name: string;
  /** The end of BuildKit's words. */
  readonly error: string;
  readonly lastLines: readonly string[];
}

/** Turns a build's status messages into events and finds the failed step. Holds a bounded amount of text. */
export interface Steps {
  /** Fails with `engine-error` for a build of more than 50,000 steps. */
  take(message: BuildStatusMessage): void;
  /** The step that broke the build, not one that was stopped because of it, or null. `message` is the build's error. */
  failed(message: string): FailedStep | null;
}

/**
 * Turns status messages into events. BuildKit repeats a step whenever something changes, and the same step (by digest) may reappear after
 * its end. Here it starts once and finishes once. Output comes as whole lines, all of them before the step's end. All text passes through
 * `mask`.
 */
export function createSteps(onEvent: (event: BuildEvent) => void, mask: Mask = (text) => text): Steps {
  const states = new Map<string, StepState>();
  const output = createStepOutput(onEvent, mask);
  const takeVertex = (vertex: Vertex): void => {
    if (vertex.startedAt === null) return;
    const state = states.get(vertex.digest) ?? begin(states, vertex, vertex.startedAt, mask, onEvent);
    const source = cacheImport.exec(vertex.name)?.[1];
    if (source === undefined && vertex.error !== '') state.error = mask(vertex.error).slice(-MAX_ERROR_CHARACTERS);
    if (vertex.completedAt === null || state.finished) return;
    state.finished = true;
    output.finish(state);
    if (source !== undefined && vertex.error !== '') {
      output.print(state, [`Cannot use the cached layers of ${source}: ${vertex.error}`]);
    }
    const error = state.error === '' ? null : bounded(mask(vertex.error)) || state.error;
    if (error === null) state.lastLines.length = 0;
    onEvent({ kind: 'step-finished', step: state.name, at: vertex.completedAt, cached: vertex.cached, error });
  };
  const takeOutput = ({ vertex, stream, bytes }: VertexOutput): void => {
    const state = states.get(vertex);
    if (state === undefined) output.print(null, createLineBuffer().take(bytes));
    else output.take(state, stream, bytes);
  };
  return {
    take({ vertexes, outputs }) {
      const ending = new Set<string>();
      const printed = byVertex(outputs);
      for (const { vertex, ends } of inOrderOfTime(vertexes)) {
        takeVertex(ends ? stillRunning(vertex) : vertex);
        if (!ends || ending.has(vertex.digest)) continue;
        // A message may both end a step and carry its last output.
        ending.add(vertex.digest);
        printed.get(vertex.digest)?.forEach(takeOutput);
        takeVertex(vertex);
      }
      outputs.filter((output) => !ending.has(output.vertex)).forEach(takeOutput);
    },
    failed(message) {
      const broken = [...states.values()]
        .filter((state) => state.error !== '' && !/context canceled/i.test(state.error))
        .slice(0, MAX_BROKEN_STEPS);
      const state = broken.find((candidate) => message.includes(candidate.error)) ?? broken[0];
      return state === undefined ? null : { name: state.name, error: state.error, lastLines: state.lastLines };
    },
  };
}

function byVertex(outputs: readonly VertexOutput[]): ReadonlyMap<string, readonly VertexOutput[]> {
  const found = new Map<string, VertexOutput[]>();
  for (const output of outputs) {
    const others = found.get(output.vertex);
    if (others === undefined) found.set(output.vertex, [output]);
    else others.push(output);
  }
  return found;
}

/** The same step before its end. */
const stillRunning = (vertex: Vertex): Vertex => ({ ...vertex, completedAt: null, error: '' });

interface Moment {
  readonly at: number;
  readonly vertex: Vertex;
  readonly ends: boolean;
}

/** Starts and ends of steps in order of time: one message may report a step's end and the next one's start. */
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
  mask: Mask,
  onEvent: (event: BuildEvent) => void,
): StepState {
  if (states.size >= MAX_STEPS)
    throw new SlipwayError('engine-error', `The engine reported a build of more than ${MAX_STEPS} steps.`);
  const name = shortened(mask(vertex.name), MAX_NAME_CHARACTERS);
  const state: StepState = { name, finished: false, error: '', lastLines: [], streams: new Map() };
  states.set(vertex.digest, state);
  onEvent({ kind: 'step-started', step: state.name, at });
  return state;
}
