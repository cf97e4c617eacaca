import { SlipwayError } from '../errors.js';

/**
 * Grammar of names, as the distribution project's reference package has it: components of lower-case letters and digits with single
 * separators (`.`, `_`, `__`, dashes) between, joined by `/`, 255 characters at most.
 */
const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const repositoryName = new RegExp(`^${component}(?:/${component})*$`);
const tagName = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const digestName = /^sha256:[0-9a-f]{64}$/;

export function isRepositoryName(name: string): boolean {
  return name.length <= 255 && repositoryName.test(name);
}

export function isTagName(name: string): boolean {
  return tagName.test(name);
}

export function isDigest(reference: string): boolean {
  return digestName.test(reference);
}

/** Throws `registry-error` for a repository name that no registry can hold; such a name never reaches a URL. */
export function requireRepositoryName(name: string): void {
  if (!isRepositoryName(name)) throw new SlipwayError('registry-error', `“${name}” is not a repository name.`);
}

/** Throws `registry-error` for what is neither a tag nor a SHA-256 digest. */
export function requireReference(reference: string): void {
  if (!isTagName(reference) && !isDigest(reference))
    throw new SlipwayError('registry-error', `“${reference}” is neither a tag nor a digest.`);
}
