import type { VNode } from 'preact';
import type { Why } from '../../api/types.js';

type Path = Pick<Why['paths'][number], 'counts' | 'kind' | 'by'>;

/** Whether a path counts, and by which pattern. */
export function Standing({ path }: { path: Path }): VNode {
  return (
    <span class={path.counts ? 'ok' : 'idle'}>
      <span aria-hidden="true">{path.counts ? '✓' : '–'}</span>
      <span class="hidden">{path.counts ? 'counts:' : 'does not count:'}</span> <Reason path={path} />
    </span>
  );
}

function Reason({ path: { kind, by } }: { path: Path }): VNode {
  const pattern = <span class="mono">{by}</span>;
  switch (kind) {
    case 'included':
      return by === null ? <>included</> : <>included by {pattern}</>;
    case 'excluded':
      return by === null ? <>excluded</> : <>excluded by {pattern}</>;
    case 'packaging':
      return <>packaging of the service</>;
    case 'run-file':
      return <>run file, no part of the image</>;
    case 'outside':
      return <>in no included region</>;
  }
}
