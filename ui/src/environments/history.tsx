import type { VNode } from 'preact';
import { ImageOf } from '../parts/image-of.js';
import { releaseWords } from '../parts/release.js';
import { shortCommit } from '../parts/short.js';
import { State } from '../parts/state.js';
import { Ago } from '../parts/time.js';
import { DeployButton } from '../deploy/deploy-dialog.js';
import type { Deployment } from './types.js';
import '../parts/cards.css';

/** What is desired of a service: the number of its release, and whether it should run. */
export interface Present {
  readonly release: number;
  readonly isStopped: boolean;
}

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
  /** What is desired of a service, which nobody has to go back to. Null: not known. */
  readonly presentOf: (service: string) => Present | null;
}

/** Deployments, newest first, each with the way back to it. */
export function History({ deployments, label, withService, presentOf }: HistoryProps): VNode {
  if (deployments.length === 0) return <p class="soft">Nothing was deployed yet.</p>;
  const brought = new Map<string, string>();
  for (const { id, service, release } of deployments.filter(brings))
    if (release?.number === presentOf(service)?.release && !brought.has(service)) brought.set(service, id);
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={label}>
      <table class="history cards">
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
            <Row
              key={one.id}
              one={one}
              withService={withService}
              present={presentOf(one.service)}
              isPresent={brought.get(one.service) === one.id}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

const brings = ({ status, kind, release }: Deployment): boolean =>
  status === 'succeeded' && release !== null && ['deployment', 'rollback', 'adopt'].includes(kind);

interface RowProps {
  readonly one: Deployment;
  readonly withService: boolean;
  readonly present: Present | null;
  /** It brought what is desired now. */
  readonly isPresent: boolean;
}

function Row({ one, withService, present, isPresent }: RowProps): VNode {
  const { release, waitingFor, error, reason, reference } = one;
  const note = waitingFor?.message ?? error?.message ?? [reference, reason].filter(Boolean).join(': ');
  return (
    <tr>
      <td>
        <State of={one.status} word />
      </td>
      {withService && <th scope="row">{one.service}</th>}
      <td class="whole">
        <a href={`/deployments/${one.id}`}>
          {kinds[one.kind]} {release === null ? 'what is being built' : releaseWords(release.number, release.tag)}
        </a>
        {note !== '' && <div class="soft note">{note}</div>}
      </td>
      <td data-label="Commit">
        <span class="mono">{shortCommit(release?.commit ?? null)}</span>
        {release !== null && <ImageOf {...release} />}
      </td>
      <td data-label="By">{one.requestedBy}</td>
      <td>
        <Ago at={one.createdAt} />
      </td>
      <td>
        <WayBack one={one} present={present} isPresent={isPresent} />
      </td>
    </tr>
  );
}

/** Back to what it brought, or that this is what runs. */
function WayBack({ one, present, isPresent }: Omit<RowProps, 'withService'>): VNode | null {
  const { release, service, environment } = one;
  if (isPresent) return <b class="soft">{present?.isStopped === true ? 'stopped now' : 'runs now'}</b>;
  if (!brings(one) || release === null || release.number === present?.release) return null;
  return <DeployButton service={service} environment={environment} release={release.number} label="back to this" />;
}
