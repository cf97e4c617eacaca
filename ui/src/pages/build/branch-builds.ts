import { useQuery } from '@tanstack/preact-query';
import { api, answerOf } from '../../api/client.js';
import type { Build } from '../../api/types.js';
import { whyAddress } from '../../parts/decided.js';

const MAX_LISTED = 100;

/** The key of the builds of a branch. */
export const branchKey = ({ service, branch }: Pick<Build, 'service' | 'branch'>) => ['builds', service, branch];

/** The newest builds of the branch of a build, newest first. Empty: not read yet. */
export function useBranchBuilds({ service, branch }: Pick<Build, 'service' | 'branch'>): readonly Build[] {
  const { data } = useQuery({
    queryKey: branchKey({ service, branch }),
    queryFn: ({ signal }) =>
      answerOf(api.GET('/api/v1/builds', { params: { query: { service, branch, limit: MAX_LISTED } }, signal })),
  });
  return data?.builds ?? [];
}

/** The page that explains the decision that led to a build. If that one is not known, the newest about its commit. */
export function useWhy({ id, service, branch, commit }: Build): string {
  const { data } = useQuery({
    queryKey: ['decision-of', id],
    queryFn: ({ signal }) =>
      answerOf(
        api.GET('/api/v1/decisions', { params: { query: { service, branch, commit, limit: MAX_LISTED } }, signal }),
      ),
  });
  // Later ones joined the build.
  const its = data?.decisions.findLast(({ buildId }) => buildId === id);
  return its?.head ? whyAddress(service, its.head, branch, its.id) : whyAddress(service, commit, branch);
}
