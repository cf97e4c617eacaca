import type { VNode } from 'preact';
import type { Environment, ServiceThere } from '../../environments/types.js';
import { counted } from '../../parts/short.js';

/** Settings that changed since, and apply with the next deployment. */
export function Pending({ environment: { name, services } }: { environment: Environment }): VNode | null {
  const changed = services.filter(({ pending }) => pending.length > 0);
  if (changed.length === 0) return null;
  return (
    <section aria-labelledby="pending-title">
      <h2 id="pending-title">Applies with the next deployment</h2>
      {changed.map((one) => (
        <details key={one.service} open={changed.length === 1}>
          <summary>
            {one.service}: {counted(one.pending.length, 'setting')}
          </summary>
          <Changes of={one} environment={name} />
        </details>
      ))}
    </section>
  );
}

function Changes({ of: { service, pending }, environment }: { of: ServiceThere; environment: string }): VNode {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={`Changed settings of ${service} in ${environment}`}>
      <table class="changes">
        <thead>
          <tr>
            <th scope="col">Setting</th>
            <th scope="col">Now</th>
            <th scope="col">Next</th>
          </tr>
        </thead>
        <tbody>
          {pending.map(({ field, now, next, secret }) => (
            <tr key={field}>
              <th scope="row" class="mono">
                {field}
              </th>
              <td class="mono">{now ?? (secret ? 'not shown' : '–')}</td>
              <td class="mono">{next ?? (secret ? 'not shown' : '–')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
