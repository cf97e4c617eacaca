import type { OwnContainer } from '../../src/model/observation.js';
import { containerName } from '../../src/container-labels.js';
import { identityOf } from './own-containers.js';

/** A container of ours as it was observed. It runs. */
export function ownContainer(changes: Partial<OwnContainer> = {}): OwnContainer {
  const identity = identityOf(changes);
  return {
    ...identity,
    id: 'c1',
    name: containerName(identity),
    image: `slipway.local/java-service-1:${identity.deployment}`,
    digests: ['registry.test/java-service-1@sha256:1'],
    origin: null,
    state: { status: 'running', health: null, startedAt: 1, restarts: 0, lastExit: null },
    ports: [],
    createdAt: 1,
    known: true,
    compared: null,
    ...changes,
  };
}
