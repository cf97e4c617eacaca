import type { VNode } from 'preact';
import { Away } from '../../environments/gates.js';
import type { Environment } from '../../environments/types.js';
import { balancerWords } from '../../environments/balancer.js';
import { counted } from '../../parts/short.js';
import { State } from '../../parts/state.js';
import { Ago } from '../../parts/time.js';
import '../../parts/cards.css';

/** Its hosts: whether they answer, when they were seen, and what the balancer sends to them. */
export function Hosts({ environment: { name, hosts, orphanedHosts, services } }: { environment: Environment }): VNode {
  const balanced = services.flatMap((one) => one.hosts).filter(({ balancer }) => balancer !== null);
  return (
    <section aria-labelledby="hosts-title">
      <h2 id="hosts-title">Hosts</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label={`Hosts of ${name}`}>
        <table class="cards">
          <thead>
            <tr>
              <th scope="col">Host</th>
              <th scope="col">Reached</th>
              <th scope="col">Address</th>
              <th scope="col">Seen</th>
              {balanced.length > 0 && <th scope="col">Balancer</th>}
            </tr>
          </thead>
          <tbody>
            {hosts.map(({ name: host, address, reachable, since, observedAt }) => (
              <tr key={host}>
                <th scope="row">
                  <b>{host}</b>
                </th>
                <td>
                  {reachable === true ? (
                    <State of="in-step" word="reached" />
                  ) : (
                    <>
                      <State of="unknown" /> <Away since={since} />
                    </>
                  )}
                </td>
                <td data-label="Address">
                  <span class="mono">{address}</span>
                </td>
                <td data-label="Seen">{observedAt === null ? 'never' : <Ago at={observedAt} />}</td>
                {balanced.length > 0 && (
                  <td data-label="Balancer">{sidesOf(balanced.filter((one) => one.host === host))}</td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {orphanedHosts.length > 0 && (
        <p class="warn">
          {orphanedHosts.join(', ')} left the configuration. What runs there stays as it is, and nobody looks at it.
        </p>
      )}
    </section>
  );
}

type Balanced = Environment['services'][number]['hosts'][number];

/** `gets the users`, or with how many services each if it is not the same for all. */
function sidesOf(services: readonly Balanced[]): string {
  const sides = new Map<string, number>();
  for (const { balancer } of services) {
    const words = balancerWords(balancer ?? 'unknown');
    sides.set(words, (sides.get(words) ?? 0) + 1);
  }
  if (sides.size === 1) return [...sides.keys()].join();
  return [...sides].map(([words, count]) => `${counted(count, 'service')}: ${words}`).join('; ');
}
