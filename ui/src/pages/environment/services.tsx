import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { DeployButton } from '../../deploy/deploy-dialog.js';
import { stateOnHost } from '../../environments/hosts.js';
import { releaseName } from '../../environments/tag.js';
import type { Environment, ServiceOnHost, ServiceThere } from '../../environments/types.js';
import { useRowKeys } from '../../parts/row-keys.js';
import { State } from '../../parts/state.js';
import { Acts } from './acts.js';

/** What should run, and what does on each host. */
export function Services({ environment }: { environment: Environment }): VNode {
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
          <table class="there">
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
                <Row key={one.service} one={one} environment={environment} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Row({ one, environment }: { one: ServiceThere; environment: Environment }): VNode {
  const { service, desired, pending, orphaned, scale } = one;
  return (
    <tr>
      <th scope="row">
        <a href={`/environments?cell=${encodeURIComponent(`${service}@${environment.name}`)}`}>{service}</a>
        {orphaned && <div class="warn">left the configuration</div>}
      </th>
      <td>
        {desired === null ? (
          <State of="not-there" word />
        ) : (
          <span class="mono">{releaseName(desired.release, desired.tag)}</span>
        )}
        {desired !== null && scale.wanted === 0 && <div class="soft">stopped</div>}
        {pending.length > 0 && (
          <>
            {' '}
            <State of="changes" />
          </>
        )}
      </td>
      {environment.hosts.map(({ name }) => (
        <OnHost key={name} of={one.hosts.find(({ host }) => host === name)} desired={desired?.release ?? null} />
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

function OnHost({ of, desired }: { of: ServiceOnHost | undefined; desired: number | null }): VNode {
  if (of === undefined) return <td>–</td>;
  const { state, release, tag, balancer, health, drift, restarts } = of;
  const isOther = release !== null && release !== desired;
  return (
    <td>
      <State of={stateOnHost(of)} word={isOther ? releaseName(release, tag) : state} />
      {balancer !== null && <span class={balancer === 'active' ? 'run' : 'soft'}> {balancer}</span>}
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
