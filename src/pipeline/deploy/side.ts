import type { Labels } from '../../container-labels.js';
import type { HostFacts } from '../../decide/decide-host.js';
import type { KeptSpecification } from '../../model/deployment.js';
import { createSpecOn } from '../../specification/spec-text.js';

/** What the containers of a deployment are, and what they are created from: the new release, or what ran before it. */
export interface Side {
  readonly environment: string;
  readonly service: string;
  readonly deploymentId: string;
  readonly release: number;
  readonly specification: KeptSpecification;
}

/** What `decideHost` is to hold a host's containers against. */
export const wantedOn = (
  host: string,
  side: Side,
  labels: Pick<Labels, 'specOf'>,
): NonNullable<HostFacts['wanted']> => ({
  spec: createSpecOn(labels)(side.specification, host),
  policy: side.specification.parameters.restart,
});

const localHost = 'slipway.local/';

/** The name of a deployment's image on a host. It keeps the image from every clean-up. */
export const localImage = (service: string, deploymentId: string): string => `${localHost}${service}:${deploymentId}`;

/** Whether an image goes by such a name. */
export const isLocalImage = (image: string): boolean => image.startsWith(localHost);
