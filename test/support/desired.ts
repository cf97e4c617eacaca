import type { DeployedRelease, Desired, KeptSpecification } from '../../src/model/deployment.js';
import type { ExpectedStore } from '../../src/pipeline/observe/expected.js';
import type { SeenNumbersStore } from '../../src/pipeline/observe/seen-numbers.js';
import { webImage } from './own-containers.js';
import { plainParameters } from './random-parameters.js';

/** What containers are created from, on the hosts a and b. */
export const keptSpecification = (changes: Partial<KeptSpecification> = {}): KeptSpecification => ({
  image: webImage,
  parameters: plainParameters,
  verify: null,
  secretVerifyKeys: [],
  publish: { a: null, b: null },
  ...changes,
});

export const deployedRelease = (changes: Partial<DeployedRelease> = {}): DeployedRelease => ({
  number: 1,
  branch: 'main',
  commit: 'a'.repeat(40),
  tag: '1.0.0',
  digest: webImage.slice(webImage.indexOf('@') + 1),
  ...changes,
});

/** What should run of java-service-1 in production: release 1, by the deployment `d1`. */
export const desiredOf = (changes: Partial<Desired> = {}): Desired => ({
  environment: 'production',
  service: 'java-service-1',
  release: deployedRelease(),
  deploymentId: 'd1',
  specification: keptSpecification(),
  wanted: 'running',
  behind: [],
  since: 1,
  ...changes,
});

/** A database that has these, and knows no other deployment. */
export const expectedStore = (...all: readonly Desired[]): ExpectedStore & SeenNumbersStore => ({
  releases: { numberSeen: async () => undefined },
  deployments: {
    allDesired: async (environment) =>
      all.filter((one) => environment === undefined || one.environment === environment),
    get: async () => null,
    unfinished: async () => [],
    specification: async (id) => all.find(({ deploymentId }) => deploymentId === id)?.specification ?? null,
  },
});
