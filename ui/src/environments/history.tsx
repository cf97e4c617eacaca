import type { VNode } from 'preact';
import { shortCommit } from '../parts/short.js';
import { State } from '../parts/state.js';
import { Ago } from '../parts/time.js';
import { DeployButton } from '../deploy/deploy-dialog.js';
import { releaseName } from './tag.js';
import type { Deployment } from './types.js';

const kinds: Readonly<Record<Deployment['kind'], string>> = {
  deployment: 'deployed',
  rollback: 'went back to',
  repair: 'repaired',
  restart: 'restarted',
  stop: 'stopped',
  start: 'started',
  adopt: 'adopted',
};

interface HistoryProps {
  readonly deployments: readonly Deployment[];
  readonly label: string;
  /** Shows which service it was. */
  readonly withService: boolean;
  /** Number of the release that is desired, which nobody has to go back to. Null: not known. */
  readonly present: number | null;
}

/** Deployments, newest first, each with the way back to it. */
export function History({ deployments, label, withService, present }: HistoryProps): VNode {
  if (deployments.length === 0) return <p class="soft">Nothing was deployed yet.</p>;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={label}>
      <table class="history">
        <thead>
          <tr>
            <th scope="col">State</th>
            {withService && <th scope="col">Service</th>}
            <th scope="col">What</th>
            <th scope="col">Commit</th>
            <th scope="col">By</th>
            <th scope="col">When</th>
            <th scope="col">
              <span class="hidden">Back to it</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {deployments.map((one) => (
            <Row key={one.id} one={one} withService={withService} present={present} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ one, withService, present }: { one: Deployment } & Pick<HistoryProps, 'withService' | 'present'>) {
  const { release, waitingFor, error, reason, reference } = one;
  const note = waitingFor?.message ?? error?.message ?? [reference, reason].filter(Boolean).join(': ');
  const ran = one.status === 'succeeded' && ['deployment', 'rollback', 'adopt'].includes(one.kind);
  return (
    <tr>
      <td>
        <State of={one.status} word />
      </td>
      {withService && <th scope="row">{one.service}</th>}
      <td>
        <a href={`/deployments/${one.id}`}>
          {kinds[one.kind]} {release === null ? 'what is being built' : releaseName(release.number, release.tag)}
        </a>
        {note !== '' && <div class="soft note">{note}</div>}
      </td>
      <td class="mono">{shortCommit(release?.commit ?? null)}</td>
      <td>{one.requestedBy}</td>
      <td>
        <Ago at={one.createdAt} />
      </td>
      <td>
        {ran && release !== null && release.number !== present && (
          <DeployButton
            service={one.service}
            environment={one.environment}
            release={release.number}
            label="back to this"
          />
        )}
      </td>
    </tr>
  );
}
