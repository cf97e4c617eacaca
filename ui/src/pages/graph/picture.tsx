import type { VNode } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { counted } from '../../parts/short.js';
import { forecast, type Known, type Rows } from './known.js';
import { pictureOf } from './layout.js';
import { Node } from './node.js';
import { dependentsOf, inCircles } from './relations.js';

interface PictureProps {
  readonly names: readonly string[];
  /** What the filter found. Null: there is no filter. */
  readonly matches: readonly string[] | null;
  readonly known: Known;
  readonly rows: Rows;
}

/** Services from left to right, bases first. A service that is pointed at lights up everything that stands on it. */
export function Picture({ names, matches, known, rows }: PictureProps): VNode {
  const [at, setAt] = useState<string | null>(null);
  const [isWhole, setWhole] = useState(false);
  const { width, height, nodeWidth, nodes, edges } = useMemo(() => pictureOf(names, known.relations), [names, known]);
  const circles = useMemo(() => inCircles(known.cycles), [known]);
  const above = useMemo(() => (at === null ? null : dependentsOf(at, known.relations)), [at, known]);
  const isLit = (name: string) => name === at || (above?.has(name) ?? false);
  const found = matches && new Set(matches);
  return (
    <>
      <p class="forecast line" role="status">
        {at === null || above === null ? (
          <span class="soft">Point at a service to see what stands on it.</span>
        ) : (
          <span>
            <b>{at}</b>: {above.size === 0 ? 'nothing stands on it' : `${counted(above.size, 'service')} on it`}; a new
            image {forecast(known.rebuiltBy(at).size)}.
          </span>
        )}
        <button type="button" class="quiet" aria-pressed={isWhole} onClick={() => setWhole(!isWhole)}>
          Fit the width
        </button>
      </p>
      <div class="scroll picture" tabIndex={0} role="group" aria-label="Picture of the base images">
        <svg
          class={`${at === null ? '' : 'lighting'} ${isWhole ? 'whole' : ''}`}
          width={width}
          height={height}
          viewBox={`0 0 ${width} ${height}`}
          role="group"
          aria-label="Services from left to right, bases first"
        >
          {edges.map(({ base, service, path }) => (
            <path
              key={`${base} ${service}`}
              d={path}
              class={[isLit(base) && isLit(service) && 'lit', circles.has(base) && circles.has(service) && 'circle']
                .filter(Boolean)
                .join(' ')}
            />
          ))}
          {nodes.map((node) => (
            <Node
              key={node.name}
              node={node}
              width={nodeWidth}
              row={rows.get(node.name)}
              forecast={forecast(known.rebuiltBy(node.name).size)}
              isLit={isLit(node.name)}
              isInCircle={circles.has(node.name)}
              isFound={found?.has(node.name) ?? false}
              point={setAt}
            />
          ))}
        </svg>
      </div>
    </>
  );
}
