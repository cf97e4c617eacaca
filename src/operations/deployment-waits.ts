import { errorCodes } from '../errors.js';
import type { Deployment } from '../model/deployment.js';
import { isAtGate } from '../decide/gates.js';
import type { WaitedOut, WaitingFor } from '../model/waiting-for.js';

export interface WaitFacts {
  /** All that are pending or running. */
  readonly unfinished: readonly Deployment[];
  readonly now: number;
  /** How many may run at once. Null: the environment has left the configuration. */
  readonly concurrencyOf: (environment: string) => number | null;
  /** The gate that is closed for a deployment. Null: none is. */
  readonly gateOf: (deployment: Deployment) => WaitingFor | null;
}

/** What a deployment that has not ended waits for. Null: it goes on, or is about to. Pure. */
export function deploymentWaits(deployment: Deployment, facts: WaitFacts): WaitingFor | null {
  const { build, release, status, waitedOut, notBefore } = deployment;
  const gate = isAtGate(deployment) ? facts.gateOf(deployment) : null;
  if (gate !== null) return gate;
  if (status === 'running') return waitedOut && outside(waitedOut, waitedOut.until ?? null);
  if (build !== null && release === null)
    return { code: 'build', message: `Build ${build.id} of ${build.branch} has not ended yet.`, until: null };
  if (waitedOut !== null && notBefore > facts.now) return outside(waitedOut, notBefore);
  return other(deployment, facts) ?? slot(deployment, facts);
}

/** By who has to answer again: a host, the registry or the balancer. */
function outside({ code, message }: WaitedOut, until: number | null): WaitingFor {
  const { blame } = errorCodes[code];
  return { code: blame === 'host' || blame === 'registry' || blame === 'balancer' ? blame : code, message, until };
}

const isRunning = ({ status }: Deployment): boolean => status === 'running';

function other({ id, service, environment }: Deployment, { unfinished }: WaitFacts): WaitingFor | null {
  const running = unfinished.find(
    (one) => one.id !== id && one.service === service && one.environment === environment && isRunning(one),
  );
  if (running === undefined) return null;
  return { code: 'deployment', message: `Deployment ${running.id} of ${service} is running there.`, until: null };
}

function slot({ environment }: Deployment, { unfinished, concurrencyOf }: WaitFacts): WaitingFor | null {
  const slots = concurrencyOf(environment);
  const running = unfinished.filter(
    (one) => one.environment === environment && isRunning(one) && !isAtGate(one),
  ).length;
  if (slots === null || running < slots) return null;
  const setting = `environments.${environment}.concurrency: ${slots}`;
  return { code: 'slot', message: `As many deployments are running as may run at a time (${setting}).`, until: null };
}
