import type { Multipart, MultipartFile, MultipartValue } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { SlipwayError } from '../errors.js';
import type { ArtifactFiles, ReceivedFile } from './contract.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The artifact that came with the call, already on the disk. */
    upload: ReceivedFile | null;
  }
}

/**
 * Reads a multipart call: the fields become the body, the file `artifact` is streamed to the disk and becomes `upload`. Fails with
 * `invalid-request`, `unsafe-path` or `artifact-too-large`; a file that was received before the failure stays in `upload`.
 */
export async function receiveForm(request: FastifyRequest, artifacts: ArtifactFiles): Promise<void> {
  const fields = new Map<string, unknown>();
  try {
    for await (const part of request.parts()) {
      if (part.type === 'file') request.upload = await receiveFile(part, request.upload, artifacts);
      else addField(fields, part);
    }
  } catch (error) {
    passOver(request.raw);
    throw readable(error);
  }
  // The reader ends without an error when the connection is lost between two parts.
  if (request.raw.readableAborted) throw new SlipwayError('invalid-request', 'The upload ended early.');
  request.body = Object.fromEntries(fields);
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
