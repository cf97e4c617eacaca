import type { VNode } from 'preact';
import { useLive } from '../../api/live.js';
import { DeployButton } from '../../deploy/deploy-dialog.js';
import { useEnvironments } from '../../deploy/queries.js';
import { State } from '../../parts/state.js';
import { Loaded } from '../../shell/page.js';
import { placementsOf, stateOfPlaced, type Placement } from './placement.js';

const environmentsKey = ['environments'] as const;

/** The environments where it runs, or should. */
export function RunsIn({ name }: { name: string }): VNode {
  useLive({ types: ['deployment', 'observation', 'configuration'] }, [environmentsKey]);
  const read = useEnvironments();
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
              <Table placements={placements} />
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

function Table({ placements }: { placements: readonly Placement[] }): VNode {
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
          return (
            <tr key={environment}>
              <th scope="row">
                <a href={`/environments/${encodeURIComponent(environment)}`}>{environment}</a>
              </th>
              <td class="mono">{desired === null ? '–' : (desired.tag ?? `release ${desired.release}`)}</td>
              <td>
                <State of={state} word={word ?? state !== 'in-step'} />
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
