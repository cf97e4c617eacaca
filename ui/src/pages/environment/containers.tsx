import { useQuery } from '@tanstack/preact-query';
import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { answerOf, api } from '../../api/client.js';
import type { Container, Environment } from '../../environments/types.js';
import { Loaded } from '../../shell/page.js';

/** The containers of each host, also those of somebody else that hold ports. Read when somebody opens them. */
export function Containers({ environment: { name, hosts } }: { environment: Environment }): VNode {
  return (
    <section aria-labelledby="containers-title">
      <h2 id="containers-title">Containers</h2>
      {hosts.map((host) => (
        <OfHost key={host.name} environment={name} host={host.name} />
      ))}
    </section>
  );
}

function OfHost({ environment, host }: { environment: string; host: string }): VNode {
  const isOpen = useSignal(false);
  const read = useQuery({
    queryKey: ['containers', environment, host],
    queryFn: ({ signal }) => {
      const params = { path: { environment, host } };
      return answerOf(api.GET('/api/v1/environments/{environment}/hosts/{host}/containers', { params, signal }));
    },
    enabled: isOpen.value,
  });
  return (
    <details onToggle={({ currentTarget }) => (isOpen.value = currentTarget.open)}>
      <summary>on {host}</summary>
      {isOpen.value && (
        <Loaded read={read} rows={3}>
          {({ containers }) => <Table host={host} containers={containers} />}
        </Loaded>
      )}
    </details>
  );
}

function Table({ host, containers }: { host: string; containers: readonly Container[] }): VNode {
  if (containers.length === 0) return <p class="soft">None of Slipway, and no other holds a port.</p>;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={`Containers on ${host}`}>
      <table>
        <thead>
          <tr>
            <th scope="col">Container</th>
            <th scope="col">State</th>
            <th scope="col">Whose</th>
            <th scope="col">Ports</th>
          </tr>
        </thead>
        <tbody>
          {containers.map(({ id, name, image, state, ours, service, release, ports }) => (
            <tr key={id}>
              <th scope="row" class="mono" title={`${id}\n${image}`}>
                {name}
              </th>
              <td>{state}</td>
              <td class={ours ? undefined : 'warn'}>{ours ? `${service}, release ${release}` : 'not of Slipway'}</td>
              <td class="mono">{ports.map((port) => `${port.hostPort}→${port.containerPort}`).join(' ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
