import type { ImageOrigin } from './model/observation.js';

const commitId = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** What the labels of an image say that we built. A container has the labels of its image. Null: they do not say from what it was made. */
export function imageOrigin(labels: Readonly<Record<string, string>>): ImageOrigin | null {
  const commit = labels['org.opencontainers.image.revision'] ?? '';
  const branch = labels['dev.slipway.branch'] ?? '';
  if (!commitId.test(commit) || branch === '') return null;
  return { commit, branch, version: labels['org.opencontainers.image.version'] ?? null };
}
