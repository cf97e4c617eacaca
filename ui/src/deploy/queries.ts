import { useQuery } from '@tanstack/preact-query';
import { answerOf, api } from '../api/client.js';

const MOST = 200;

/** All environments, in the order of promotion, with what runs there. */
export const useEnvironments = () =>
  useQuery({
    queryKey: ['environments'],
    queryFn: async ({ signal }) =>
      (await answerOf(api.GET('/api/v1/environments', { params: { query: { limit: MOST } }, signal }))).environments,
    // Nothing makes it stale, and who is about to deploy has to see how it is now.
    staleTime: 0,
  });

/** The newest releases of a service. */
export const useReleases = (service: string, limit: number) =>
  useQuery({
    queryKey: ['releases', service, limit],
    queryFn: ({ signal }) =>
      answerOf(api.GET('/api/v1/releases/{service}', { params: { path: { service }, query: { limit } }, signal })),
    placeholderData: (before) => before,
    staleTime: 0,
  });

const releaseOf = (service: string, number: number | null, signal: AbortSignal) =>
  answerOf(
    api.GET('/api/v1/releases/{service}/{number}', { params: { path: { service, number: String(number) } }, signal }),
  );

/** One release, of which everything but its verdicts stays as it is. Null number: none is asked for. */
export const useRelease = (service: string, number: number | null) =>
  useQuery({
    queryKey: ['release', service, number],
    queryFn: ({ signal }) => releaseOf(service, number, signal),
    enabled: number !== null,
  });

/** The same with the verdicts of now. */
export const useReleaseNow = (service: string, number: number | null) =>
  useQuery({
    queryKey: ['release', service, number, 'now'],
    queryFn: ({ signal }) => releaseOf(service, number, signal),
    enabled: number !== null,
    staleTime: 0,
  });
