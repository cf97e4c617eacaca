import type { VNode } from 'preact';
import type { OverviewRow } from '../../api/types.js';
import { whyAddress } from '../../parts/decided.js';
import { refName, shortCommit } from '../../parts/short.js';

/** How the main branch stands, in one sentence, with a way to the reason. */
export function Sentence({ row }: { row: OverviewRow }): VNode {
  const { name, head, state, buildId } = row;
  const why =
    buildId !== null && state !== 'built' && state !== 'reused'
      ? `/builds/${encodeURIComponent(buildId)}`
      : head === null
        ? null
        : whyAddress(name, head, row.branch);
  return (
    <p class="stands">
      <Stands row={row} /> {why !== null && <a href={why}>{state === 'failed' ? 'Its log' : 'Why?'}</a>}
    </p>
  );
}

function Stands({ row }: { row: OverviewRow }): VNode {
  const { branch, head, tag, commit, state, sentence } = row;
  if (head === null) return <>{sentence}</>;
  const at = (
    <>
      {branch === null ? 'The newest branch' : refName(branch)} is at <span class="mono">{shortCommit(head)}</span>
    </>
  );
  const image = <b class="mono">{tag}</b>;
  if (tag === null)
    return (
      <>
        {at}; there is no image yet. {sentence}
      </>
    );
  switch (state) {
    case 'built':
    case 'reused':
    case 'none':
      return (
        <>
          {at}; its image is {image}. {sentence}
        </>
      );
    case 'skipped':
      return (
        <>
          {at}; image {image} {commit === head ? 'is of it' : 'covers it'}. {sentence}
        </>
      );
    default:
      return (
        <>
          {at}; the newest image is still {image}. {sentence}
        </>
      );
  }
}
