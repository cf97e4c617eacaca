import type { Readable } from 'node:stream';
import type { Multipart, MultipartFile, MultipartValue } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { SlipwayError } from '../errors.js';
import type { ArtifactFiles, ReceivedFile } from '../pipeline/accept/contract.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The artifact that came with the call, already on the disk. */
    upload: ReceivedFile | null;
  }
}

/**
 * Reads a multipart call: the fields become the body, the file `artifact` is streamed to the disk and becomes `upload`. Fails with
 * `invalid-request`, `unsafe-path`, `artifact-too-large`, or `request-timeout` where no byte comes for too long; a file that was received
 * before the failure stays in `upload`.
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
  // The reader ends without an error when the connection is lost between two parts.
  if (request.raw.readableAborted) throw new SlipwayError('invalid-request', 'The upload ended early.');
  request.body = Object.fromEntries(fields);
}

interface Stall {
  /** Fails when the upload has stalled for too long. */
  readonly late: Promise<never>;
  /** Destroys that file then: the reader of the form would wait for its end for ever. */
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
  // While a file is written, nobody looks at it.
  late.catch(() => undefined);
  return { late, ends: (file) => (current = file), error: () => found };
}

/**
 * What is left of a refused upload is read and thrown away. Left alone it would hold its connection: many clients send all of a body
 * before they look at the answer, and the next request waits behind it.
 */
function passOver(body: FastifyRequest['raw']): void {
  body.unpipe();
  body.resume();
}

/** Limits are reported with a status of their own; whatever else the reader trips over is a form that is none. */
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

/** An empty field is one that was left out: forms of a build script send every field that they know. */
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
