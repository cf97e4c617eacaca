import { useQuery } from '@tanstack/preact-query';
import { useLocation } from 'preact-iso';
import type { VNode } from 'preact';
import { api, answerOf } from '../../api/client.js';
import { useLive } from '../../api/live.js';
import type { Deployment } from '../../api/types.js';
import { useKeys } from '../../shell/keys.js';

const MAX_LISTED = 100;

/** The deployments of the service there before and after this one. */
export function Neighbours({ deployment: { id, service, environment } }: { deployment: Deployment }): VNode | null {
  const { route } = useLocation();
  useLive({ types: ['deployment'], environment, service }, [
    ['deployments', service, environment],
    ['environment', environment],
  ]);
  const { data } = useQuery({
    queryKey: ['deployments', service, environment],
    queryFn: ({ signal }) =>
      answerOf(
        api.GET('/api/v1/deployments', { params: { query: { service, environment, limit: MAX_LISTED } }, signal }),
      ),
  });
  const all = data?.deployments ?? [];
  const here = all.findIndex((one) => one.id === id);
  // Newest first.
  const [after, before] = here < 0 ? [undefined, undefined] : [all[here - 1], all[here + 1]];
  useKeys({
    '[': { words: 'Deployment before this one', act: () => before && route(`/deployments/${before.id}`) },
    ']': { words: 'Next deployment', act: () => after && route(`/deployments/${after.id}`) },
  });
  if (before === undefined && after === undefined) return null;
  return (
    <nav aria-label={`Deployments of ${service} in ${environment}`} class="line">
      {before && <a href={`/deployments/${before.id}`}>← before</a>}
      {after && <a href={`/deployments/${after.id}`}>next →</a>}
    </nav>
  );
}
