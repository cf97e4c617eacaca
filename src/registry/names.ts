import { SlipwayError } from '../errors.js';
import { isRepositoryName, isSha256Digest, isTagName } from '../image-reference.js';

/** Fails with `registry-error` for an invalid repository name, which must never reach a URL. */
export function requireRepositoryName(name: string): void {
  if (!isRepositoryName(name)) throw new SlipwayError('registry-error', `“${name}” is not a repository name.`);
}

/** Fails with `registry-error` for anything but a SHA-256 digest. */
export function requireDigest(digest: string): void {
  if (!isSha256Digest(digest)) throw new SlipwayError('registry-error', `“${digest}” is not a digest.`);
}

/** Fails with `registry-error` for anything but a tag or a SHA-256 digest. */
export function requireReference(reference: string): void {
  if (!isTagName(reference) && !isSha256Digest(reference))
    throw new SlipwayError('registry-error', `“${reference}” is neither a tag nor a digest.`);
}
