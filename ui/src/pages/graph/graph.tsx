import { useQuery } from '@tanstack/preact-query';
import type { VNode } from 'preact';
import { answerOf, api } from '../../api/client.js';
import { useLive } from '../../api/live.js';
import { overviewKey } from '../../api/overview.js';
import { Loaded, useTitle } from '../../shell/page.js';
import { Whole } from './whole.js';
import './graph.css';

const graphKey = ['graph'] as const;

/** `/graph`: which services stand on the images of which, and what a new image would rebuild. */
export function GraphPage(): VNode {
  useTitle('Base images');
  // Reading the graph asks every git host. Builds change the marks of services, seldom the graph.
  useLive({ types: ['configuration'] }, [graphKey]);
  useLive({ types: ['build', 'delivery'] }, [overviewKey]);
  const read = useQuery({
    queryKey: graphKey,
    queryFn: ({ signal }) => answerOf(api.GET('/api/v1/graph', { signal })),
  });
  return <Loaded read={read}>{(graph) => <Whole graph={graph} />}</Loaded>;
}
