import type { ServiceOnHost } from './types.js';

const sides: Readonly<Record<NonNullable<ServiceOnHost['balancer']>, string>> = {
  active: 'gets the users',
  drained: 'stands by: gets no users',
  down: 'down for the balancer: gets no users',
  unknown: 'the balancer was not asked',
};

/** What the balancer sends to a host, in words. */
export const balancerWords = (side: NonNullable<ServiceOnHost['balancer']>): string => sides[side];
