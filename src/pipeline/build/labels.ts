import { isoTime } from '../../iso-time.js';
import type { DockerfilePlace } from '../../model/build.js';

export interface LabelFacts {
  readonly service: string;
  /** Branch name, or `refs/tags/NAME`. */
  readonly branch: string;
  readonly commit: string;
  /** Seconds since the epoch. */
  readonly commitTime: number;
  /** `{version}-{count}-{sha}`. */
  readonly version: string;
  readonly repositoryUrl: string;
  readonly place: DockerfilePlace;
  /** Digest of everything that the build could read. */
  readonly fingerprint: string;
}

/**
 * The labels of an image: OCI's annotations (https://specs.opencontainers.org/image-spec/annotations/) and Slipway's. `created` is the
 * commit's time, so that equal inputs give equal images.
 */
export function imageLabels(facts: LabelFacts): Record<string, string> {
  const { place } = facts;
  return {
    'org.opencontainers.image.created': isoTime(facts.commitTime * 1000),
    'org.opencontainers.image.revision': facts.commit,
    'org.opencontainers.image.source': facts.repositoryUrl,
    'org.opencontainers.image.title': facts.service,
    'org.opencontainers.image.version': facts.version,
    'dev.slipway.service': facts.service,
    'dev.slipway.branch': facts.branch,
    'dev.slipway.dockerfile.source': place.source,
    'dev.slipway.dockerfile.path': place.path,
    ...(place.commit === null ? {} : { 'dev.slipway.dockerfile.commit': place.commit }),
    'dev.slipway.inputs': facts.fingerprint,
  };
}
