import type { Build } from '../model/build.js';
import type { Delivery } from '../model/delivery.js';
import type { ApiDeps } from './deps.js';
import { renderBuild, renderDelivery } from './render.js';
import type { BuildJson, DeliveryJson } from './schemas.js';

/** Builds with what they wait for. */
export async function showBuilds(
  { waiting }: Pick<ApiDeps, 'waiting'>,
  builds: readonly Build[],
): Promise<BuildJson[]> {
  const [known, positions] = await Promise.all([waiting.ofBuilds(builds), waiting.positions(builds)]);
  return builds.map((build) => renderBuild(build, known.get(build.id), positions.get(build.id)));
}

/** A build with what it waits for. */
export async function showBuild({ waiting }: Pick<ApiDeps, 'waiting'>, build: Build): Promise<BuildJson> {
  const [known, positions] = await Promise.all([waiting.ofBuilds([build]), waiting.positions([build])]);
  return renderBuild(build, known.get(build.id), positions.get(build.id));
}

/** Deliveries with their decisions, and what they wait for. */
export async function showDeliveries(
  { store, waiting }: Pick<ApiDeps, 'store' | 'waiting'>,
  deliveries: readonly Delivery[],
): Promise<DeliveryJson[]> {
  const known = await waiting.ofDeliveries(deliveries);
  return Promise.all(
    deliveries.map(async (delivery) =>
      renderDelivery(delivery, await store.decisions.ofDelivery(delivery.id), known.get(delivery.id)),
    ),
  );
}
