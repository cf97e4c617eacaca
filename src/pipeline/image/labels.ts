import type { DockerfilePlace } from '../../model.js';

export interface LabelRequest {
  readonly service: string;
  readonly branch: string;
  readonly commit: string;
  /** Seconds since the epoch. */
  readonly commitTime: number;
  /** The version tag. */
  readonly version: string;
  /** Where people find the repository. */
  readonly repositoryUrl: string;
  readonly place: DockerfilePlace;
  readonly fingerprint: string;
}

/**
 * Labels of an image: those of the OCI (https://github.com/opencontainers/image-spec/blob/main/annotations.md) and our own. `created` is
 * the commit's time, so that equal inputs give equal images.
 */
export function imageLabels(request: LabelRequest): Record<string, string> {
  const { service, branch, commit, commitTime, version, repositoryUrl, place, fingerprint } = request;
  return {
    'org.opencontainers.image.revision': commit,
    'org.opencontainers.image.source': repositoryUrl,
    'org.opencontainers.image.version': version,
    'org.opencontainers.image.title': service,
    'org.opencontainers.image.created': rfc3339(commitTime),
    'dev.slipway.service': service,
    'dev.slipway.branch': branch,
    'dev.slipway.dockerfile.source': place.source,
    'dev.slipway.dockerfile.path': place.path,
    ...(place.commit === null ? {} : { 'dev.slipway.dockerfile.commit': place.commit }),
    'dev.slipway.inputs': fingerprint,
  };
}

/** RFC 3339 in UTC, whole seconds. */
function rfc3339(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
