import { useQuery } from '@tanstack/preact-query';
import { answerOf, api } from './client.js';
import { mayRead } from './session.js';

/** All services in one answer. Pages that list them make it stale by its key. */
export const overviewKey = ['overview'] as const;

export const useOverview = () =>
  useQuery({
    queryKey: overviewKey,
    queryFn: ({ signal }) => answerOf(api.GET('/api/v1/overview', { signal })),
    enabled: mayRead.value,
  });
