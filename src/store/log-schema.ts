import type { Generated, GeneratedAlways } from 'kysely';
import type { Flag } from './release-schema.js';

/** The tables of what builds write: steps, logs, and the Dockerfiles that they used. */

export interface StepTable {
  seq: GeneratedAlways<number>;
  build_id: string;
  name: string;
  started_at: number;
  finished_at: number | null;
  /** Null: from before it was known. */
  kind: string | null;
  cached: Generated<Flag>;
  reused: Generated<Flag>;
  /** Its first line in the log, or null. */
  line: Generated<number | null>;
  /** JSON object, or null. */
  dockerfile: Generated<string | null>;
}

export interface DockerfileTable {
  digest: string;
  text: string;
}

/** What logs of builds and of deployments have in common. */
export interface ChunkColumns {
  /** From 0, without gaps. */
  number: number;
  text: string;
  /** UTF-8 bytes of the log up to and including this chunk. */
  bytes: number;
  /** The limit was reached: this is the last chunk, and says so. */
  is_full: Flag;
  /** Null: from before it was known. */
  at: number | null;
  /** Index in the steps, or null. */
  step: number | null;
  /** Lines of the log up to and including this chunk. Null: not counted. */
  lines: number | null;
}

export interface LogChunkTable extends ChunkColumns {
  build_id: string;
}
