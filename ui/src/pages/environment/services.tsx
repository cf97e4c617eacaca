import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { DeployButton } from '../../deploy/deploy-dialog.js';
import { balancerWords } from '../../environments/balancer.js';
import { marksOf, notOfHosts } from '../../environments/cell.js';
import { Marks } from '../../environments/marks.js';
import { stateOnHost } from '../../environments/hosts.js';
import { releaseName } from '../../environments/tag.js';
import type { Environment, MatrixCell, ServiceOnHost, ServiceThere } from '../../environments/types.js';
import { useRowKeys } from '../../parts/row-keys.js';
import { State } from '../../parts/state.js';
import '../../parts/cards.css';
import { Acts } from './acts.js';

interface ServicesProps {
  readonly environment: Environment;
  /** How its services stand, by name. */
  readonly cells: ReadonlyMap<string, MatrixCell>;
}

/** What should run, and what does on each host. */
export function Services({ environment, cells }: ServicesProps): VNode {
  const body = useRef<HTMLTableSectionElement>(null);
  useRowKeys(body);
  const { name, services, hosts } = environment;
  return (
    <section aria-labelledby="services-title">
      <h2 id="services-title">Services</h2>
      {services.length === 0 ? (
        <p class="soft">
          No service is deployed here. Name {name} in <code>deploy.environments</code> of a service.
        </p>
      ) : (
        <div class="scroll" tabIndex={0} role="region" aria-label={`Services in ${name}`}>
          <table class="there cards">
            <thead>
              <tr>
                <th scope="col">Service</th>
                <th scope="col">Wanted</th>
                {hosts.map((host) => (
                  <th key={host.name} scope="col">
                    {host.name}
                  </th>
                ))}
                <th scope="col">
                  <span class="hidden">What may be done</span>
                </th>
              </tr>
            </thead>
            <tbody ref={body}>
              {services.map((one) => (
                <Row key={one.service} one={one} environment={environment} cell={cells.get(one.service)} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

interface RowProps {
  readonly one: ServiceThere;
  readonly environment: Environment;
  readonly cell: MatrixCell | undefined;
}

function Row({ one, environment, cell }: RowProps): VNode {
  const { service, desired, orphaned, scale } = one;
  return (
    <tr>
      <th scope="row" class="whole">
        <a href={`/services/${encodeURIComponent(service)}`}>{service}</a>
        {orphaned && <div class="warn">left the configuration</div>}
      </th>
      <td class="whole" data-label="Wanted">
        {desired === null ? (
          <State of="not-there" word />
        ) : (
          <>
            <a href={`/environments?cell=${encodeURIComponent(`${service}@${environment.name}`)}`}>
              <span class="mono">{releaseName(desired.release, desired.tag)}</span>
              {desired.tag !== null && <span class="soft"> release {desired.release}</span>}
            </a>
            {cell !== undefined && (
              <>
                {' '}
                <Marks of={marksOf(cell).filter(({ state }) => notOfHosts.has(state))} linked />
              </>
            )}
          </>
        )}
        {desired !== null && scale.wanted === 0 && <div class="soft">stopped</div>}
      </td>
      {environment.hosts.map(({ name }) => (
        <OnHost
          key={name}
          host={name}
          of={one.hosts.find(({ host }) => host === name)}
          desired={desired?.release ?? null}
        />
      ))}
      <td>
        <div class="acts">
          <DeployButton service={service} environment={environment.name} />
          <Acts there={one} environment={environment} />
        </div>
      </td>
    </tr>
  );
}

interface OnHostProps {
  readonly host: string;
  readonly of: ServiceOnHost | undefined;
  readonly desired: number | null;
}

function OnHost({ host, of, desired }: OnHostProps): VNode {
  if (of === undefined) return <td data-label={host}>–</td>;
  const { state, release, tag, balancer, health, drift, restarts } = of;
  const isOther = release !== null && release !== desired;
  return (
    <td data-label={host}>
      <State of={stateOnHost(of)} word={isOther ? releaseName(release, tag) : state} />
      {balancer !== null && <div class={balancer === 'active' ? 'run' : 'soft'}>{balancerWords(balancer)}</div>}
      {health === 'unhealthy' && <div class="bad">unhealthy</div>}
      {restarts > 0 && <div class="soft">{restarts} restarts</div>}
      {further(drift).map(({ field, found, wanted }) => (
        <div key={field} class="bad" title={`${found ?? 'not set'}, wanted ${wanted ?? 'not set'}`}>
          {field === 'does-not-stay-up' ? 'does not stay up' : field}
        </div>
      ))}
    </td>
  );
}

/** What the state does not say already. */
const further = (drift: ServiceOnHost['drift']) => drift.filter(({ field }) => field !== 'state');
