import { SlipwayError } from '../errors.js';
import { isRepositoryName, isSha256Digest, isTagName } from '../image-reference.js';

/** Throws `registry-error` for a repository name that no registry can hold; such a name never reaches a URL. */
export function requireRepositoryName(name: string): void {
  if (!isRepositoryName(name)) throw new SlipwayError('registry-error', `“${name}” is not a repository name.`);
}

/** Throws `registry-error` for what is neither a tag nor a SHA-256 digest. */
export function requireReference(reference: string): void {
  if (!isTagName(reference) && !isSha256Digest(reference))
    throw new SlipwayError('registry-error', `“${reference}” is neither a tag nor a digest.`);
}
