import type { Readable } from 'node:stream';
import type { Multipart, MultipartFile, MultipartValue } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { SlipwayError } from '../errors.js';
import type { ArtifactFiles, ReceivedFile } from '../pipeline/accept/contract.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The call's artifact, already on the disk. */
    upload: ReceivedFile | null;
  }
}

/**
 * Reads a multipart call: the fields become the body, and the file `artifact` is streamed to the disk and becomes `upload`. Fails with
 * `invalid-request`, `unsafe-path`, `artifact-too-large`, or `request-timeout` if no byte arrives for too long. A file that was received
 * before a failure stays in `upload`.
 */
export async function receiveForm(request: FastifyRequest, artifacts: ArtifactFiles): Promise<void> {
  const fields = new Map<string, unknown>();
  const parts = request.parts();
  const stall = watchStall(request);
  try {
    for (;;) {
      const { value: part, done } = await Promise.race([parts.next(), stall.late]);
      if (done) break;
      if (part.type !== 'file') addField(fields, part);
      else {
        stall.ends(part.file);
        request.upload = await receiveFile(part, request.upload, artifacts);
      }
    }
  } catch (error) {
    passOver(request.raw);
    throw stall.error() ?? readable(error);
  }
  // The reader ends without an error if the connection is lost between two parts.
  if (request.raw.readableAborted) throw new SlipwayError('invalid-request', 'The upload ended early.');
  request.body = Object.fromEntries(fields);
}

interface Stall {
  /** Rejects when the upload has stalled for too long. */
  readonly late: Promise<never>;
  /** Then destroys that file: the form's reader would wait for its end forever. */
  ends(file: Readable): void;
  error(): SlipwayError | null;
}

function watchStall({ reception }: FastifyRequest): Stall {
  let current: Readable | null = null;
  let found: SlipwayError | null = null;
  const late = new Promise<never>((_resolve, reject) => {
    reception?.byProgress((error) => {
      found = error;
      current?.destroy();
      reject(error);
    });
  });
  // Nobody awaits it while a file is written.
  late.catch(() => undefined);
  return { late, ends: (file) => (current = file), error: () => found };
}

/**
 * Reads and discards the rest of a refused upload. Otherwise it would block its connection: many clients send the whole body before they
 * read the answer.
 */
function passOver(body: FastifyRequest['raw']): void {
  body.unpipe();
  body.resume();
}

/** Limits have their own status. Any other parser error means a malformed form. */
function readable(error: unknown): unknown {
  if (error instanceof SlipwayError || (error instanceof Error && 'statusCode' in error)) return error;
  return new SlipwayError('invalid-request', 'The form cannot be read.', { cause: error });
}

async function receiveFile(
  part: MultipartFile,
  earlier: ReceivedFile | null,
  artifacts: ArtifactFiles,
): Promise<ReceivedFile> {
  if (part.fieldname !== 'artifact') throw new SlipwayError('invalid-request', `${quoted(part)} must not be a file.`);
  if (earlier) throw new SlipwayError('invalid-request', 'There must be one "artifact".');
  return artifacts.receive(part.filename ?? 'artifact', part.file);
}

/** An empty field counts as omitted: build scripts send every field that they know. */
function addField(fields: Map<string, unknown>, part: MultipartValue): void {
  if (fields.has(part.fieldname)) throw new SlipwayError('invalid-request', `${quoted(part)} is given twice.`);
  if (part.valueTruncated || part.fieldnameTruncated) {
    throw new SlipwayError('invalid-request', `${quoted(part)} is too long.`);
  }
  if (part.fieldname === 'artifact') throw new SlipwayError('invalid-request', '"artifact" must be a file.');
  if (part.value !== '') fields.set(part.fieldname, part.value);
}

function quoted({ fieldname }: Multipart): string {
  return JSON.stringify(fieldname);
}
