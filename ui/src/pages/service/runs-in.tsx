import type { VNode } from 'preact';
import { useLive } from '../../api/live.js';
import { DeployButton } from '../../deploy/deploy-dialog.js';
import { useEnvironments } from '../../deploy/queries.js';
import { failureOf, marksOf, notOfHosts } from '../../environments/cell.js';
import { Marks } from '../../environments/marks.js';
import { matrixKey, useMatrix } from '../../environments/queries.js';
import type { MatrixCell } from '../../environments/types.js';
import { releaseWords } from '../../parts/release.js';
import { State } from '../../parts/state.js';
import { Loaded } from '../../shell/page.js';
import { placementsOf, stateOfPlaced, type Placement } from './placement.js';

const environmentsKey = ['environments'] as const;

/** The environments where it runs, or should. */
export function RunsIn({ name }: { name: string }): VNode {
  useLive({ types: ['deployment', 'observation', 'configuration', 'build'] }, [environmentsKey, matrixKey]);
  const read = useEnvironments();
  const cells = useMatrix().data?.services.find(({ service }) => service === name)?.cells ?? [];
  return (
    <section aria-labelledby="runs-title" class="panel">
      <h2 id="runs-title">Runs in</h2>
      <Loaded read={read} rows={2}>
        {(environments) => {
          const placements = placementsOf(name, environments);
          return placements.length === 0 ? (
            <p class="soft">No environment: the configuration does not deploy it.</p>
          ) : (
            <>
              <Table placements={placements} cells={cells} />
              <p>
                <DeployButton service={name} />
              </p>
            </>
          );
        }}
      </Loaded>
    </section>
  );
}

interface TableProps {
  readonly placements: readonly Placement[];
  /** How it stands in each environment. */
  readonly cells: readonly MatrixCell[];
}

function Table({ placements, cells }: TableProps): VNode {
  return (
    <table aria-label="Environments">
      <thead class="hidden">
        <tr>
          <th scope="col">Environment</th>
          <th scope="col">Release</th>
          <th scope="col">State</th>
          <th scope="col">Hosts</th>
        </tr>
      </thead>
      <tbody>
        {placements.map(({ environment, placed }) => {
          const { state, word } = stateOfPlaced(placed);
          const { desired, scale } = placed;
          const cell = cells.find((one) => one.environment === environment);
          const marks = cell === undefined ? [] : marksOf(cell).filter((one) => notOfHosts.has(one.state));
          const failure = cell === undefined ? null : failureOf(cell);
          return (
            <tr key={environment}>
              <th scope="row">
                <a href={`/environments/${encodeURIComponent(environment)}`}>{environment}</a>
              </th>
              <td>
                {desired === null ? '–' : releaseWords(desired.release, desired.tag)}
                {failure !== null && (
                  <div class="soft">
                    <a href={`/deployments/${failure.id}`}>{failure.words}</a>
                  </div>
                )}
              </td>
              <td>
                {(state !== 'in-step' || marks.length === 0) && <State of={state} word={word ?? state !== 'in-step'} />}
                <Marks of={marks.filter((one) => one.state !== state)} linked />
              </td>
              <td class="tabular">
                {scale.running}/{scale.wanted}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
