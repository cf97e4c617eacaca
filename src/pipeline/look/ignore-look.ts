import type { Look } from '../../model/look.js';
import type { LookDeps } from './deps.js';

/** Ends a look about which nothing was decided. A delivery that was ignored on arrival keeps its first reason. */
export async function ignoreLook(look: Look, reason: string, { store, events }: LookDeps): Promise<void> {
  const { deliveryId } = look.trigger;
  const delivery = deliveryId === null ? null : await store.deliveries.get(deliveryId);
  if (deliveryId !== null && delivery?.status !== 'ignored') {
    const settled = await store.deliveries.settle(deliveryId, 'ignored', reason);
    for (const id of settled) events.publish({ type: 'delivery', id, status: 'ignored' });
  }
  await store.looks.done(look.id);
}
