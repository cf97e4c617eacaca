import type { VNode } from 'preact';
import type { Environment } from '../../environments/types.js';

/** Settings that changed since, and apply with the next deployment. */
export function Pending({ environment: { name, services } }: { environment: Environment }): VNode | null {
  const rows = services.flatMap(({ service, pending }) => pending.map((one) => ({ service, ...one })));
  if (rows.length === 0) return null;
  return (
    <section aria-labelledby="pending-title">
      <h2 id="pending-title">Applies with the next deployment</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label={`Changed settings of ${name}`}>
        <table>
          <thead>
            <tr>
              <th scope="col">Service</th>
              <th scope="col">Setting</th>
              <th scope="col">Now</th>
              <th scope="col">Next</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ service, field, now, next, secret }) => (
              <tr key={`${service} ${field}`}>
                <th scope="row">{service}</th>
                <td class="mono">{field}</td>
                <td class="mono">{now ?? (secret ? 'not shown' : '–')}</td>
                <td class="mono">{next ?? (secret ? 'not shown' : '–')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
