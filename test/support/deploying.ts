/** Deployments as people ask for them: over a store, with everything else in memory. */
import type { Deploying } from '../../src/operations/deploy/contract.js';

const unasked = () => Promise.reject(new Error('this test asks for no deployment'));

/** For tests that ask for no deployment. */
export const noDeploying: Deploying = { deploy: unasked, plan: unasked, act: unasked, cancel: unasked, retry: unasked };
