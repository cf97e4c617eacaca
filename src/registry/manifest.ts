import { createHash } from 'node:crypto';
import { parseBounded } from '../bounded-json.js';
import { SlipwayError } from '../errors.js';
import { isSha256Digest } from '../image-reference.js';
import { isRecord } from './answer-error.js';
import type { Manifest } from './contract.js';

const imageTypes = [
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
] as const;
const indexTypes = [
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.index.v1+json',
] as const;

/** All supported forms of manifests (Docker image manifest v2 schema 2; OCI image specification), as an Accept header. */
export const acceptedManifests = [...imageTypes, ...indexTypes].join(', ');

const known: ReadonlySet<string> = new Set([...imageTypes, ...indexTypes]);

export function digestOf(body: Buffer): string {
  return `sha256:${createHash('sha256').update(body).digest('hex')}`;
}

export interface ReceivedManifest {
  readonly body: Buffer;
  readonly contentType: string | null;
  /** Docker-Content-Digest. */
  readonly statedDigest: string | null;
  /** The tag or digest that was asked for. */
  readonly reference: string;
}

/**
 * Reads a manifest and checks its bytes against the requested digest and the registry's. Fails with `digest-mismatch`, or `registry-error`
 * for an unknown form.
 */
export function readManifest(received: ReceivedManifest): Manifest {
  const { body, reference, statedDigest } = received;
  const digest = digestOf(body);
  // The header may carry a digest of another algorithm, which cannot be compared.
  const expected = [reference, statedDigest].filter((one): one is string => one !== null && isSha256Digest(one));
  for (const one of expected)
    if (one !== digest)
      throw new SlipwayError('digest-mismatch', `The manifest ${reference} has digest ${digest}, not ${one}.`);
  const content = parseBounded(body);
  if (!isRecord(content)) throw new SlipwayError('registry-error', `The manifest ${reference} is not a JSON object.`);
  const mediaType = [received.contentType?.split(';')[0]?.trim(), content.mediaType].find(isKnown);
  if (mediaType === undefined)
    throw new SlipwayError('registry-error', `The manifest ${reference} has an unknown form.`);
  return { digest, mediaType, body, configDigest: configDigestOf(content) };
}

function isKnown(mediaType: unknown): mediaType is string {
  return typeof mediaType === 'string' && known.has(mediaType);
}

function configDigestOf(content: Record<string, unknown>): string | null {
  return isRecord(content.config) && typeof content.config.digest === 'string' ? content.config.digest : null;
}
