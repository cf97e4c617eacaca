import { Stopped } from './stopped.js';
import { stopContainer, USUAL_GRACE_MS } from './stop-container.js';
import { requireOwned } from './attempt.js';
import { holdsPortOf } from './free-ports.js';
import type { HostWork, Target } from './host-work.js';

const never = { name: 'no', maxRetries: 0 } as const;

/**
 * Stops the containers of somebody else that hold ports of the target, if the ticket may take their place. They are remembered before they are stopped, so that they run again
 * on the way back. They are never removed.
 */
export async function makeRoom(target: Target, work: HostWork): Promise<void> {
  const { host, attempt, deps } = work;
  const { deployment } = attempt;
  if (deployment.adopt.length === 0 || deployment.turnedBack !== null) return;
  const listed = await host.containers.list();
  for (const one of listed.filter((container) => holdsPortOf(target, host.name, container))) {
    const { id, name, status, labels } = one;
    if (!deployment.adopt.includes(name) || deps.labels.read({ id, name, labels }) !== null) continue;
    const seen = status === 'running' || status === 'restarting' ? await host.containers.inspect(id) : null;
    if (seen === null) continue;
    const adopted = [{ host: host.name, id, name, restart: seen.restart }];
    const { id: deploymentId, claim } = deployment;
    if (!(await deps.store.deployments.adopts({ id: deploymentId, claim }, adopted))) throw new Stopped('lost');
    await attempt.notes.say(`stopping ${name}, whose place it takes`, host.name);
    await host.controls.setRestart(id, never);
    await requireOwned(attempt, deps);
    await stopContainer(id, USUAL_GRACE_MS, work);
  }
}

/** Starts again what `makeRoom` stopped on this host, with its former policy. */
export async function giveBack({ host, attempt, deps }: HostWork): Promise<void> {
  for (const { host: name, id, restart } of await deps.store.deployments.adopted(attempt.deployment.id)) {
    if (name !== host.name) continue;
    await requireOwned(attempt, deps);
    await host.controls.start(id);
    await host.controls.setRestart(id, restart);
  }
}
