import type { ContainerIdentity } from '../container-labels.js';
import type { Desired, SpecOn } from '../model/deployment.js';

/**
 * Number of the release that a container on a host stands for. A release that changes nothing there leaves the container, whose label goes on
 * naming the one before it. Pure.
 */
export function releaseOn(
  host: string,
  { release, spec }: Pick<ContainerIdentity, 'release' | 'spec'>,
  desired: Pick<Desired, 'release' | 'specification'> | null,
  specOn: SpecOn,
): number {
  if (desired === null || release === desired.release.number) return release;
  return spec === specOn(desired.specification, host) ? desired.release.number : release;
}
