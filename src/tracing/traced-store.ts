import type { NewDeployment } from '../model/deployment.js';
import type { Store } from '../store/contract.js';
import { buildSpanOf, contextOf, deploymentSpanOf, formatTraceparent, newTrace } from '../trace-context.js';
import type { Tracer } from '../tracer.js';

/**
 * A store in which what is new belongs to the trace that the caller works for. A deployment that nobody asks for belongs to the trace that
 * its release came by, or begins one of its own.
 */
export function tracedStore(store: Store, tracer: Tracer): Store {
  const { deliveries, looks, decisions, deployments, follows } = store;
  const trace = (): { readonly traceparent?: string } => {
    const current = tracer.current();
    return current === null ? {} : { traceparent: formatTraceparent(current) };
  };
  const traced = async (deployment: NewDeployment): Promise<NewDeployment> => {
    if (deployment.traceparent !== undefined) return deployment;
    if (tracer.current() !== null) return { ...deployment, ...trace() };
    return { ...deployment, traceparent: (await traceOfRelease(deployment, store)) ?? ownTrace(deployment) };
  };
  return {
    ...store,
    deliveries: {
      ...deliveries,
      accept(delivery, look) {
        tracer.note('slipway.delivery.id', delivery.id);
        return deliveries.accept({ ...delivery, ...trace() }, look && { ...look, ...trace() });
      },
    },
    looks: { ...looks, add: (look) => looks.add({ ...trace(), ...look }) },
    decisions: {
      ...decisions,
      async record(plan, now) {
        const own = plan.decisions.map(({ build, lookAgain, ...planned }) => ({
          ...planned,
          build: build && { ...trace(), ...build },
          ...(lookAgain && { lookAgain: { ...trace(), ...lookAgain } }),
        }));
        const recorded = await decisions.record({ ...plan, decisions: own }, now);
        for (const { decision } of recorded.recorded) tracer.note(`slipway.decisions.${decision}`, 1);
        return recorded;
      },
    },
    deployments: {
      ...deployments,
      add: async (deployment, now, onlyIf) => deployments.add(await traced(deployment), now, onlyIf),
    },
    follows: {
      ...follows,
      ask: async (request, now) => follows.ask({ ...request, deployment: await traced(request.deployment) }, now),
    },
  };
}

/** By the build of its commit, or else by the delivery that announced the commit. Undefined: neither belongs to a trace. */
async function traceOfRelease({ kind, service, release }: NewDeployment, { builds, deliveries }: Store) {
  if (kind !== 'deployment' || release === null) return undefined;
  const build = await builds.newest(service, release.branch, release.commit);
  const span = build && buildSpanOf(build);
  if (span) return formatTraceparent(span);
  const announced = (await deliveries.ofCommit(release.commit)).find(({ traceparent }) => contextOf(traceparent));
  return announced?.traceparent;
}

/** Names the deployment's own span: it is the first. */
function ownTrace({ id }: NewDeployment): string {
  const root = newTrace();
  return formatTraceparent(deploymentSpanOf({ id, traceparent: formatTraceparent(root) }) ?? root);
}
