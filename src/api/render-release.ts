import type { Release } from '../model/release.js';
import type { ReleaseJson } from './schemas.js';

/** A release as the API shows it. */
export function renderRelease(release: Release): ReleaseJson {
  const { service, number, branch, commit, image, runFile, buildId, createdAt, verdicts } = release;
  return {
    service,
    number,
    branch,
    commit,
    image: { repository: image.repository, digest: image.digest, tags: [...image.tags] },
    runFile: {
      source: runFile.source,
      path: runFile.path,
      commit: runFile.commit,
      overlays: [...runFile.overlays],
    },
    buildId,
    createdAt: new Date(createdAt).toISOString(),
    verdicts: verdicts.map(({ environment, verdict, code, at, deploymentId }) => ({
      environment,
      verdict,
      code,
      at: at === null ? null : new Date(at).toISOString(),
      deploymentId,
    })),
  };
}
