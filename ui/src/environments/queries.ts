import { useQuery } from '@tanstack/preact-query';
import { answerOf, api } from '../api/client.js';

/** Every service in every environment. */
export const matrixKey = ['matrix'] as const;

export const useMatrix = () =>
  useQuery({ queryKey: matrixKey, queryFn: ({ signal }) => answerOf(api.GET('/api/v1/matrix', { signal })) });

export const environmentKey = (environment: string) => ['environment', environment] as const;

export const useEnvironment = (environment: string) =>
  useQuery({
    queryKey: environmentKey(environment),
    queryFn: ({ signal }) =>
      answerOf(api.GET('/api/v1/environments/{environment}', { params: { path: { environment } }, signal })),
  });

/** Deployments of an environment, or of one service there, newest first. */
export const historyKey = (environment: string, service = '') => ['deployments', environment, service] as const;

export const useHistory = (environment: string, limit: number, service?: string) =>
  useQuery({
    queryKey: [...historyKey(environment, service), limit],
    queryFn: ({ signal }) => {
      const query = { environment, limit, ...(service !== undefined && { service }) };
      return answerOf(api.GET('/api/v1/deployments', { params: { query }, signal }));
    },
  });
