import type { AdoptedContainer } from '../../model/deployment.js';
import { Stopped } from './stopped.js';
import { stopContainer, USUAL_GRACE_MS } from './stop-container.js';
import { requireOwned } from './attempt.js';
import { holdsPortOf } from './free-ports.js';
import type { HostWork, Target } from './host-work.js';

const never = { name: 'no', maxRetries: 0 } as const;

/**
 * Stops the containers of somebody else that hold ports of the target, if the ticket may take their place. All of them are remembered before
 * the first is stopped, so that they run again on the way back. They are never removed. `requireHeld`: see `holdLease`.
 */
export async function makeRoom(target: Target, requireHeld: () => Promise<void>, work: HostWork): Promise<void> {
  const { host, attempt, deps } = work;
  const found = await inTheWay(target, work);
  if (found.length === 0) return;
  const { id, claim } = attempt.deployment;
  if (!(await deps.store.deployments.adopts({ id, claim }, found))) throw new Stopped('lost');
  for (const { name } of found) await attempt.notes.say(`stopping ${name}, whose place it takes`, host.name);
  for (const one of found) {
    await requireHeld();
    await host.controls.setRestart(one.id, never);
    await stopContainer(one.id, USUAL_GRACE_MS, work);
  }
}

async function inTheWay(target: Target, { host, attempt, deps }: HostWork): Promise<readonly AdoptedContainer[]> {
  const { adopt, turnedBack } = attempt.deployment;
  if (adopt.length === 0 || turnedBack !== null) return [];
  const found: AdoptedContainer[] = [];
  const listed = await host.containers.list();
  for (const one of listed.filter((container) => holdsPortOf(target, host.name, container))) {
    const { id, name, status, labels } = one;
    if (!adopt.includes(name) || deps.labels.read({ id, name, labels }) !== null) continue;
    const seen = status === 'running' || status === 'restarting' ? await host.containers.inspect(id) : null;
    if (seen !== null) found.push({ host: host.name, id, name, restart: seen.restart });
  }
  return found;
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
