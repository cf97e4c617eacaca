import { memo } from 'preact/compat';
import type { VNode } from 'preact';
import type { OverviewRow } from '../../api/types.js';
import { glyphOf, toneOf, wordOf } from '../../parts/state.js';
import { MAX_NAME, NODE_HEIGHT, type PlacedNode } from './layout.js';

interface NodeProps {
  readonly node: PlacedNode;
  readonly width: number;
  readonly row: OverviewRow | undefined;
  readonly forecast: string;
  readonly isLit: boolean;
  readonly isInCircle: boolean;
  readonly isFound: boolean;
  /** Called with the name once it is pointed at or has the focus, and with null afterwards. */
  readonly point: (name: string | null) => void;
}

/** Letters of a tag that are drawn. */
const MAX_TAG = 20;

/** A service: its name, and the state and tag of its main branch. */
export const Node = memo(function Node(props: NodeProps): VNode {
  const { node, width, row, forecast, isLit, isInCircle, isFound, point } = props;
  const { name, x, y } = node;
  const state = row?.state ?? 'unknown';
  const [shownName, shownTag] = [cut(name, MAX_NAME), cut(row?.tag ?? wordOf(state), MAX_TAG)];
  const words = [`${shownName} ${shownTag}`, wordOf(state), isInCircle && 'in a circle', `a new image ${forecast}`];
  return (
    <a
      href={`/services/${encodeURIComponent(name)}`}
      class={['node', isLit && 'lit', isInCircle && 'circle', isFound && 'found'].filter(Boolean).join(' ')}
      aria-label={words.filter(Boolean).join(', ')}
      data-service={name}
      onMouseEnter={() => point(name)}
      onMouseLeave={() => point(null)}
      onFocus={() => point(name)}
      onBlur={() => point(null)}
    >
      <rect x={x} y={y} width={width} height={NODE_HEIGHT} rx={6} />
      <text class="name" x={x + 12} y={y + 18}>
        {shownName}
      </text>{' '}
      <text class={toneOf(state)} aria-hidden="true" x={x + 12} y={y + 35}>
        {glyphOf(state)}
      </text>
      <text class="tag" x={x + 28} y={y + 35}>
        {shownTag}
      </text>
    </a>
  );
});

const cut = (text: string, max: number): string => (text.length > max ? `${text.slice(0, max - 1)}…` : text);
