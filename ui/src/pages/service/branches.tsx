import type { VNode } from 'preact';
import type { Decision, Service } from '../../api/types.js';
import { Copy, copyText } from '../../parts/copy.js';
import { refName, shortCommit } from '../../parts/short.js';
import { State, stateOfBuild } from '../../parts/state.js';
import { Ago, Running } from '../../parts/time.js';
import { useKeys } from '../../shell/keys.js';
import { fullName, ordered, stateOfBranch, type Branch } from './branch-state.js';

const MAX_OPEN = 12;

/** Each branch with its head, and the image that covers it. */
export function Branches({ service, decisions }: { service: Service; decisions: readonly Decision[] | null }): VNode {
  const all = ordered(service.branches);
  const image = all.find(({ image: its }) => its !== null)?.image ?? null;
  useKeys({
    ...(image?.tags[0] !== undefined && {
      y: { words: 'Copy the tag', act: () => void copyText(image.tags[0] ?? '') },
    }),
  });
  const table = (rows: readonly Branch[], label: string) => (
    <div class="scroll" tabIndex={0} role="region" aria-label={label}>
      <table>
        <caption class="hidden">{label}</caption>
        <thead>
          <tr>
            <th scope="col">Branch</th>
            <th scope="col">Head</th>
            <th scope="col">Covered by</th>
            <th scope="col">Last build</th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((branch) => (
            <Row key={branch.branch} service={service.name} branch={branch} decisions={decisions} />
          ))}
        </tbody>
      </table>
    </div>
  );
  return (
    <section aria-labelledby="branches-title">
      <h2 id="branches-title">Branches</h2>
      {all.length === 0 ? (
        <p class="soft">None that was looked at yet. A push, or a look that is asked for, brings the first.</p>
      ) : (
        table(all.slice(0, MAX_OPEN), 'Branches and their images')
      )}
      {all.length > MAX_OPEN && (
        <details>
          <summary>{all.length - MAX_OPEN} more</summary>
          {table(all.slice(MAX_OPEN), 'More branches and their images')}
        </details>
      )}
    </section>
  );
}

interface RowProps {
  readonly service: string;
  readonly branch: Branch;
  readonly decisions: readonly Decision[] | null;
}

function Row({ service, branch, decisions }: RowProps): VNode {
  const { head, image, lastBuild } = branch;
  const { state, word, href } = stateOfBranch(service, branch, decisions, stateOfBuild);
  const shown = <State of={state} word={word ?? true} />;
  return (
    <tr>
      <th scope="row" class="ref">
        {refName(branch.branch)}
      </th>
      <td class="mono">{shortCommit(head)}</td>
      <td class="image">
        {image === null ? (
          <span class="soft">no image</span>
        ) : (
          <>
            <span class="mono" title={image.digest}>
              {image.tags[0] ?? image.digest.slice(0, 19)}
            </span>{' '}
            <Copy what={`image of ${refName(branch.branch)} with digest`} text={fullName(image)} />
          </>
        )}
      </td>
      <td>
        {lastBuild?.status === 'running' && lastBuild.startedAt !== null ? (
          <Running since={lastBuild.startedAt} />
        ) : (
          <Ago at={lastBuild?.finishedAt ?? null} />
        )}
      </td>
      <td>{href === null ? shown : <a href={href}>{shown}</a>}</td>
    </tr>
  );
}
