import { Worker } from 'node:worker_threads';
import { SlipwayError } from '../errors.js';
import { Recent } from '../recent.js';
import type { Sandbox } from '../sandbox/contract.js';
import { createPool } from '../sandbox/pool.js';
import type { MatchRegions } from '../image/packaging/auto-regions.js';
import {
  TOO_MUCH,
  unknownReading,
  type DockerfileReading,
  type ReadDockerfile,
} from '../image/dockerfile/dockerfile.js';
import { createTurns } from '../turns.js';
import { packPaths, type PackedPaths } from '../patterns/packed-paths.js';
import type { SelectContext } from '../image/context/select-context.js';
import type { DriftQuestion, ReadingTasks } from './tasks.js';

/** Reads what repositories send, where a deadline can end it. */
export interface Reading {
  /** A Dockerfile whose reading is stopped says nothing: the build gets the whole context, and the engine decides. `dockerfile-invalid`. */
  readonly dockerfile: ReadDockerfile;
  readonly context: SelectContext;
  readonly regions: MatchRegions;
  /** Whether a source is, or passes through, one of the links; true where that takes too long to tell. */
  throughLink(sources: readonly string[], links: readonly string[]): Promise<boolean>;
  /** Nothing where that takes too long to tell. */
  drift(question: DriftQuestion): Promise<readonly string[]>;
  /** The version that a file states; null if it states none, or takes too long or too much memory to read. */
  version(file: string, content: Buffer): Promise<string | null>;
  close(): Promise<void>;
}

const WORKER = new URL('./worker.js', import.meta.url);

/** Two, so that a text that takes all its time does not hold up every other repository. */
const THREADS = 2;
/** Far beyond what any real text takes on a busy machine. */
const DEADLINE_MS = 15_000;
/** What a text may take in all (CONTRACT, section 3), young objects included. */
const MEMORY = { maxOldGenerationSizeMb: 60, maxYoungGenerationSizeMb: 4 } as const;

/** Reading threads for a server. None starts before it is needed. `program`: what a thread runs. */
export function startReading(program = WORKER): Reading {
  const start = () => new Worker(program, { resourceLimits: MEMORY });
  return createReading(createPool<ReadingTasks>({ start, threads: THREADS, deadline: DEADLINE_MS }));
}

/** Questions about more paths than this are asked one after another: two threads that both hold them take 50 MiB more. */
const MANY_PATHS = 20_000;

/** Answers about Dockerfiles that are remembered: a push asks the same of one several times. */
const REMEMBERED = { entries: 500, weight: 4 * 1024 * 1024 } as const;

export function createReading(sandbox: Sandbox<ReadingTasks>): Reading {
  const inTurn = createTurns();
  const turnOf = ({ length }: PackedPaths) => (length > MANY_PATHS ? 'many paths' : null);
  const known = new Recent<Promise<DockerfileReading>>(REMEMBERED);
  return {
    dockerfile(text, options) {
      const key = JSON.stringify([options, text]);
      const found = known.get(key);
      if (found) return found;
      const reading = unlessStopped(sandbox.run('dockerfile', { text, options }), unknownReading(TOO_MUCH));
      known.add(key, reading, key.length);
      // A fault of ours is no answer.
      reading.catch((error: unknown) => {
        if (!(error instanceof SlipwayError) || error.code === 'internal') known.delete(key);
      });
      return reading;
    },
    context: (question) => inTurn(turnOf(question.listed), () => sandbox.run('context', question)),
    regions: async (request, paths) =>
      sandbox.run('regions', { ...request, paths: await packPaths(paths.map((path) => ({ path }))) }),
    throughLink: async (sources, links) => {
      const packed = await packPaths(links.map((path) => ({ path })));
      return unlessStopped(sandbox.run('throughLink', { sources, links: packed }), true);
    },
    drift: (question) =>
      unlessStopped(
        inTurn(turnOf(question.files), () => sandbox.run('drift', question)),
        [],
      ),
    version: (file, content) => unlessStopped(sandbox.run('version', { file, content }), null),
    close: () => sandbox.close(),
  };
}

async function unlessStopped<Answer>(asked: Promise<Answer>, otherwise: Answer): Promise<Answer> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof SlipwayError && error.code === 'reading-stopped') return otherwise;
    throw error;
  }
}
