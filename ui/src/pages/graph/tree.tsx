import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { State } from '../../parts/state.js';
import { forecast, type Known, type Rows } from './known.js';
import { inCircles, treeOf, type TreeNode } from './relations.js';

interface TreeProps {
  readonly names: readonly string[];
  readonly known: Known;
  readonly rows: Rows;
}

/** Bases, and below each what stands on it. */
export function Tree({ names, known, rows }: TreeProps): VNode {
  const roots = useMemo(() => treeOf(names, known.relations), [names, known]);
  const circles = useMemo(() => inCircles(known.cycles), [known]);
  const item = (node: TreeNode): VNode => {
    const { name, isShown, children } = node;
    const row = rows.get(name);
    const count = known.rebuiltBy(name).size;
    return (
      <li key={name}>
        <span class="line">
          {row && <State of={row.state} />}
          <a href={`/services/${encodeURIComponent(name)}`} class={circles.has(name) ? 'bad' : ''}>
            {name}
          </a>
          <span class="mono soft">{row?.tag}</span>
          {count > 0 && !isShown && <span class="soft">{forecast(count)}</span>}
          {isShown && <span class="soft">see above</span>}
        </span>
        {children.length > 0 && <ul>{children.map(item)}</ul>}
      </li>
    );
  };
  return (
    <ul class="tree" aria-label="Base images, and what stands on them">
      {roots.map(item)}
    </ul>
  );
}
