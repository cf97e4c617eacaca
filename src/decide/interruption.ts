import type { Deployment } from '../model/deployment.js';
import { takesPlace } from './decide-host.js';

type Measured = Pick<Deployment, 'hosts' | 'steps'>;

/**
 * For how many seconds a service answered nobody on a host when its container was replaced the last time: from the stop of the old one to
 * the first right answer of the new one, or to its start if it is not asked. `latest`: deployments of the service there, newest first. A host
 * on which nothing was measured takes the last measure of another one; null if there is none. Pure.
 */
export function interruptionSeconds(latest: readonly Measured[], host: string): number | null {
  const measured = latest.flatMap((one) => measuresOf(one));
  const found = measured.find((one) => one.host === host) ?? measured[0];
  return found === undefined ? null : Math.round(found.ms / 100) / 10;
}

function measuresOf({ hosts, steps }: Measured): readonly { readonly host: string; readonly ms: number }[] {
  return steps.flatMap(({ name, host, startedAt: stoppedAt }, at) => {
    if (host === null || !name.endsWith(takesPlace)) return [];
    const answers = hosts.find((one) => one.host === host)?.verifications ?? [];
    const answered = answers.find((answer) => answer.ok && answer.at >= stoppedAt)?.at;
    // The next step there is the verification, which begins when the container has started.
    const started = steps.slice(at + 1).find((step) => step.host === host);
    const end = answered ?? started?.startedAt;
    return end === undefined ? [] : [{ host, ms: end - stoppedAt }];
  });
}
