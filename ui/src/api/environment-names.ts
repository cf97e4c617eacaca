import { useQuery } from '@tanstack/preact-query';
import { answerOf, api } from './client.js';

const MAX_NAMES = 200;

/** Names of environments, once somebody looks for one. */
export function useEnvironmentNames(isWanted: boolean): readonly string[] {
  const { data } = useQuery({
    queryKey: ['environment-names'],
    queryFn: ({ signal }) =>
      answerOf(api.GET('/api/v1/environments', { params: { query: { limit: MAX_NAMES } }, signal })),
    enabled: isWanted,
  });
  return data?.environments.map(({ name }) => name) ?? [];
}
