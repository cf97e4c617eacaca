import { SlipwayError, type ErrorCode } from '../../src/errors.js';
import type { Manifest, Registry } from '../../src/registry/contract.js';
import { isTagName } from '../../src/image-reference.js';
import { readImageConfig } from '../../src/registry/image-config.js';
import { requireDigest, requireReference, requireRepositoryName } from '../../src/registry/names.js';
import { tinyImage } from './tiny-image.js';

type Method = 'manifest' | 'config' | 'putTag' | 'tags' | 'mayPush' | 'time' | 'ping';

/** A registry in memory, with failures on demand and a transcript of what was asked of it. */
export interface FakeRegistry extends Registry {
  /** One line per call, e.g. `putTag abc/app:main sha256:…`. */
  readonly transcript: readonly string[];
  /** An engine's push: stores the manifest, with the configuration that it names, and points the tag at it. */
  push(repository: string, tag: string, manifest: Manifest, config?: Buffer): void;
  /** Pushes the tiny image of that content, with further settings for its containers. */
  upload(repository: string, tag: string, content: string, more?: object): Manifest;
  /** Removes a tag and the manifests that no tag names any more, as an operator's clean-up would. */
  forget(repository: string, tag: string): void;
  /** Tag → digest. */
  state(repository: string): Readonly<Record<string, string>>;
  /** The next `times` calls of the method fail with the code. */
  fail(method: Method, code: ErrorCode, times?: number): void;
  /** Takes the registry away (`registry-unavailable`), or brings it back. */
  setAway(away: boolean): void;
}

interface Repository {
  readonly manifests: Map<string, Manifest>;
  readonly configs: Map<string, Buffer>;
  readonly tags: Map<string, string>;
}

export function createFakeRegistry(host = 'registry.test:5000'): FakeRegistry {
  const repositories = new Map<string, Repository>();
  const transcript: string[] = [];
  const failures: { method: Method; code: ErrorCode }[] = [];
  let isAway = false;

  const begin = (method: Method, what = ''): void => {
    transcript.push(`${method} ${what}`.trim());
    const scripted = failures.findIndex((failure) => failure.method === method);
    const [failure] = scripted < 0 ? [] : failures.splice(scripted, 1);
    if (failure) throw new SlipwayError(failure.code, `scripted: ${failure.code}`);
    if (isAway) throw new SlipwayError('registry-unavailable', `${host} does not answer.`);
  };
  const open = (repository: string): Repository => {
    const found = repositories.get(repository) ?? { manifests: new Map(), configs: new Map(), tags: new Map() };
    repositories.set(repository, found);
    return found;
  };
  const push = (repository: string, tag: string, manifest: Manifest, config?: Buffer): void => {
    open(repository).manifests.set(manifest.digest, manifest);
    if (config && manifest.configDigest) open(repository).configs.set(manifest.configDigest, config);
    open(repository).tags.set(tag, manifest.digest);
  };

  return {
    host,
    transcript,
    async manifest(repository, reference) {
      requireRepositoryName(repository);
      requireReference(reference);
      begin('manifest', `${repository}:${reference}`);
      const found = repositories.get(repository);
      return found?.manifests.get(found.tags.get(reference) ?? reference) ?? null;
    },
    async config(repository, digest) {
      requireRepositoryName(repository);
      requireDigest(digest);
      begin('config', `${repository}@${digest}`);
      const found = repositories.get(repository)?.configs.get(digest);
      return found === undefined ? null : readImageConfig(found, digest);
    },
    async putTag(repository, tag, manifest) {
      requireRepositoryName(repository);
      if (!isTagName(tag)) throw new SlipwayError('registry-error', `${tag} is not a tag.`);
      begin('putTag', `${repository}:${tag} ${manifest.digest}`);
      const found = repositories.get(repository);
      if (!found?.manifests.has(manifest.digest))
        throw new SlipwayError('registry-refused', 'The blobs are not there.');
      found.tags.set(tag, manifest.digest);
      return manifest.digest;
    },
    async tags(repository) {
      requireRepositoryName(repository);
      begin('tags', repository);
      return [...(repositories.get(repository)?.tags.keys() ?? [])].sort();
    },
    async mayPush(repository) {
      requireRepositoryName(repository);
      begin('mayPush', repository);
    },
    async time() {
      begin('time');
      return Date.now();
    },
    async ping() {
      begin('ping');
    },
    push,
    upload(repository, tag, content, more) {
      const { manifest, config } = tinyImage(content, more);
      push(repository, tag, manifest, config);
      return manifest;
    },
    forget(repository, tag) {
      const found = open(repository);
      found.tags.delete(tag);
      const named = new Set(found.tags.values());
      for (const digest of found.manifests.keys()) if (!named.has(digest)) found.manifests.delete(digest);
    },
    state: (repository) => Object.fromEntries(repositories.get(repository)?.tags ?? []),
    fail(method, code, times = 1) {
      for (let one = 0; one < times; one += 1) failures.push({ method, code });
    },
    setAway(away) {
      isAway = away;
    },
  };
}
