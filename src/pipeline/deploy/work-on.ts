import { abortWith } from '../../clock.js';
import { asSlipwayError } from '../../errors.js';
import type { Deployment } from '../../model/deployment.js';
import { pauseAfter, recordPauses } from '../../queue/pauses.js';
import type { DeployDeps } from './deps.js';
import { runDeployment, type AttemptEnd } from './run-deployment.js';
import { Stopped } from './stopped.js';

/** How often it is looked whether somebody canceled the deployment, or another worker has it. */
const WATCH_MS = 1_000;

/** Runs one attempt at a claimed deployment and records how it ends. Never fails. `stopping`: the server stops. */
export async function workOn(deployment: Deployment, deps: DeployDeps, stopping: AbortSignal): Promise<void> {
  const log = deps.log.child({
    deployment: deployment.id,
    service: deployment.service,
    environment: deployment.environment,
  });
  const [whole, forward, over] = [new AbortController(), new AbortController(), new AbortController()];
  const drain = (): void => whole.abort(new Stopped('drain'));
  stopping.addEventListener('abort', drain, { signal: over.signal });
  if (stopping.aborted) drain();
  const unlink = abortWith(forward, whole.signal);
  const watching = watch(deployment, { whole, forward }, deps, over.signal);
  try {
    const end = await runDeployment(deployment, { whole: whole.signal, forward: forward.signal }, { ...deps, log });
    if (end !== null) await record(deployment, end, { ...deps, log }, stopping);
  } catch (thrown) {
    await putBack(deployment, thrown, { ...deps, log });
  } finally {
    over.abort();
    unlink();
    await watching;
  }
}

interface Controllers {
  readonly whole: AbortController;
  readonly forward: AbortController;
}

/** Aborts the attempt once it is canceled or lost. */
async function watch(
  { id, claim }: Deployment,
  { whole, forward }: Controllers,
  { store, clock, log }: DeployDeps,
  over: AbortSignal,
): Promise<void> {
  while (!over.aborted) {
    try {
      const now = await store.deployments.get(id);
      if (over.aborted) return;
      if (now?.status !== 'running' || now.claim !== claim) whole.abort(new Stopped('lost'));
      else if (now.turnedBack === 'superseded') forward.abort(new Stopped('superseded'));
      else if (now.cancelRequested) forward.abort(new Stopped('cancel'));
    } catch (err) {
      log.warn({ err, deployment: id }, 'could not look whether a deployment was canceled');
    }
    await clock.sleep(WATCH_MS, over);
  }
}

/** An end that is not recorded would be found out once more by the next attempt, and block the service until then. */
async function record(
  deployment: Deployment,
  end: NonNullable<AttemptEnd>,
  { store, clock, log, announce }: DeployDeps,
  stopping: AbortSignal,
): Promise<void> {
  const { id, claim } = deployment;
  for (let attempt = 0; ; attempt += 1) {
    try {
      if (await store.deployments.finish({ id, claim }, end, clock.now()))
        announce({ ...deployment, status: end.status });
      return;
    } catch (err) {
      log.error({ err }, "could not record the deployment's end");
      if (stopping.aborted) return;
      await clock.sleep(pauseAfter(attempt, recordPauses), stopping);
    }
  }
}

/** The next attempt goes on from what runs. */
async function putBack(
  deployment: Deployment,
  thrown: unknown,
  { store, clock, log, announce }: DeployDeps,
): Promise<void> {
  const { id, claim } = deployment;
  // The lease was too short for a change, or another worker has the deployment: then nothing is put back.
  if (thrown instanceof Stopped && thrown.kind === 'lost') log.warn({}, 'an attempt at a deployment was lost');
  const error = thrown instanceof Stopped ? null : asSlipwayError(thrown);
  if (error !== null) log.error({ err: error }, 'an attempt at a deployment ended early; it goes on later');
  const notBefore = clock.now() + (error === null ? 0 : recordPauses.firstMs);
  const waitedOut = error === null ? null : { code: error.code, message: error.message };
  const isAtGate = thrown instanceof Stopped && thrown.kind === 'gate';
  try {
    const isPutBack = isAtGate
      ? await store.deployments.waitAtGate({ id, claim }, 'pending')
      : await store.deployments.putBack({ id, claim }, notBefore, waitedOut);
    if (isPutBack) announce({ ...deployment, status: 'pending' });
  } catch (err) {
    log.error({ err }, 'could not put a deployment back; it goes on when its lease has ended');
  }
}
