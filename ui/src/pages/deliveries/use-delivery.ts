import { useQuery } from '@tanstack/preact-query';
import { answerOf, api } from '../../api/client.js';
import type { Decision, Delivery } from '../../api/types.js';

/** A delivery with its decisions as lists have them: with their ids, and who led to them. */
export interface WholeDelivery extends Omit<Delivery, 'decisions'> {
  readonly decisions: readonly Decision[];
}

export const useDelivery = (id: string) =>
  useQuery({
    queryKey: ['delivery', id],
    queryFn: async ({ signal }): Promise<WholeDelivery> => {
      const [delivery, { decisions }] = await Promise.all([
        answerOf(api.GET('/api/v1/deliveries/{id}', { params: { path: { id } }, signal })),
        answerOf(api.GET('/api/v1/decisions', { params: { query: { delivery: id } }, signal })),
      ]);
      return { ...delivery, decisions };
    },
  });
