import { SlipwayError } from '../errors.js';
import { Recent } from '../recent.js';
import type { Sandbox } from '../sandbox/contract.js';
import { createPool } from '../sandbox/pool.js';
import { startThread } from '../sandbox/thread.js';
import type { MatchRegions } from '../image/packaging/auto-regions.js';
import {
  tooMuch,
  unknownReading,
  type DockerfileReading,
  type ReadDockerfile,
} from '../image/dockerfile/dockerfile.js';
import type { DockerfileOutline } from '../image/dockerfile/outline.js';
import type { DriftFound } from '../image/packaging/drift.js';
import { nothingUnfetched, type Unfetched, type UnfetchedQuestion } from '../image/packaging/unfetched.js';
import type { RunFile, RunFileRequest } from '../run-file/run-file.js';
import { createTurns } from '../turns.js';
import { packPaths, type PackedPaths } from '../patterns/packed-paths.js';
import type { SelectContext } from '../image/context/select-context.js';
import type { DriftQuestion, ReadingTasks } from './tasks.js';

/** Reads repository contents with a deadline. */
export interface Reading {
  /**
   * If the reading is stopped, the answer is empty: the build gets the whole context, and the engine decides. Fails with
   * `dockerfile-invalid`.
   */
  readonly dockerfile: ReadDockerfile;
  /** Null if it is not a Dockerfile, or takes too long to read. */
  outline(text: string): Promise<DockerfileOutline | null>;
  readonly context: SelectContext;
  readonly regions: MatchRegions;
  /** True if a source is, or passes through, one of the links, or if that takes too long. */
  throughLink(sources: readonly string[], links: Iterable<string>): Promise<boolean>;
  /** Empty if it takes too long. */
  drift(question: DriftQuestion): Promise<readonly DriftFound[]>;
  /** Nothing if it takes too long. */
  unfetched(question: UnfetchedQuestion): Promise<Unfetched>;
  /** What a run file and its overlay mean. A fault if that takes too long or too much memory to find out. */
  runFile(request: RunFileRequest): Promise<RunFile>;
  /** The version that a file states; null if it states none, or takes too long or too much memory to read. */
  version(file: string, content: Buffer): Promise<string | null>;
  close(): Promise<void>;
}

const workerFile = new URL('./worker.js', import.meta.url);

/** Two, so that one slow text does not block every other repository. */
const THREADS = 2;
/** Far beyond what any real text takes on a busy machine. */
const DEADLINE_MS = 15_000;
/** Memory limit of one text, young objects included. */
const workerMemory = { maxOldGenerationSizeMb: 56, maxYoungGenerationSizeMb: 8 } as const;

/** Starts reading threads on demand. `program`: what a thread runs. */
export function startReading(program = workerFile): Reading {
  const start = () => startThread(program, workerMemory);
  return createReading(createPool<ReadingTasks>({ start, threads: THREADS, deadline: DEADLINE_MS }));
}

/** Questions about more paths than this run one at a time: two threads that both hold them take 50 MiB more. */
const MANY_PATHS = 20_000;

/** A push asks the same about a Dockerfile several times. */
const memoLimits = { entries: 500, weight: 4 * 1024 * 1024 } as const;

export function createReading(sandbox: Sandbox<ReadingTasks>): Reading {
  const inTurn = createTurns();
  const turnOf = ({ length }: PackedPaths) => (length > MANY_PATHS ? 'many paths' : null);
  const known = new Recent<Promise<DockerfileReading>>(memoLimits);
  return {
    dockerfile(text, options) {
      const key = JSON.stringify([options, text]);
      const found = known.get(key);
      if (found) return found;
      const reading = unlessStopped(sandbox.run('dockerfile', { text, options }), unknownReading(tooMuch));
      known.add(key, reading, key.length);
      // An internal error is not cached.
      reading.catch((error: unknown) => {
        if (!(error instanceof SlipwayError) || error.code === 'internal') known.delete(key);
      });
      return reading;
    },
    outline: (text) => unlessStopped(sandbox.run('outline', { text }), null),
    context: (question) => inTurn(turnOf(question.listed), () => sandbox.run('context', question)),
    regions: async (request, paths) => sandbox.run('regions', { ...request, paths: await packPaths(paths) }),
    throughLink: async (sources, links) => {
      const packed = await packPaths(links);
      return unlessStopped(sandbox.run('throughLink', { sources, links: packed }), true);
    },
    drift: (question) =>
      unlessStopped(
        inTurn(turnOf(question.files), () => sandbox.run('drift', question)),
        [],
      ),
    unfetched: (question) =>
      unlessStopped(
        inTurn(turnOf(question.files), () => sandbox.run('unfetched', question)),
        nothingUnfetched,
      ),
    runFile: (request) => unlessStopped(sandbox.run('runFile', request), tooMuchToRead(request)),
    version: (file, content) => unlessStopped(sandbox.run('version', { file, content }), null),
    close: () => sandbox.close(),
  };
}

function tooMuchToRead({ base, overlay }: RunFileRequest): RunFile {
  const file = (overlay ?? base)?.path ?? '';
  const message = 'The run file takes too long or too much memory to read.';
  const fault = { code: 'run-file-invalid', message, file, line: 1, column: 1, setting: null } as const;
  return { result: null, faults: [fault], warnings: [] };
}

async function unlessStopped<Answer>(asked: Promise<Answer>, otherwise: Answer): Promise<Answer> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof SlipwayError && error.code === 'reading-stopped') return otherwise;
    throw error;
  }
}
