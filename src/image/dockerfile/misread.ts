import { createHash } from 'node:crypto';
import { widened, type DockerfileReading } from './dockerfile.js';

/** Identifies a Dockerfile by its bytes. */
export const dockerfileDigest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Why the whole context counts if an engine was seen to ask for a path that the reading lacks. */
export const misreadBecause = (path: string): string =>
  `the engine asked for ${path}, which nothing in the Dockerfile seems to read`;

/** The same reading if an engine was seen to ask for a path that it lacks; null: not seen. */
export const withMisread = (reading: DockerfileReading, path: string | null): DockerfileReading =>
  path === null || reading.sources === 'whole' ? reading : widened(reading, misreadBecause(path));
