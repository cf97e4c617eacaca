import type { VNode } from 'preact';
import type { Graph } from '../../api/types.js';

/** Circles, and what could not be read. Nothing, if all is well. */
export function Faults({ graph: { cycles, faults } }: { graph: Graph }): VNode {
  return (
    <>
      {cycles.length > 0 && (
        <section class="panel circles">
          <h2 class="bad">✕ {cycles.length === 1 ? 'A circle' : `${cycles.length} circles`}</h2>
          <p>These images are built on each other. No build follows from a newer image within a circle.</p>
          <ul>
            {cycles.map((cycle) => (
              <li key={cycle.join()} class="bad">
                {cycle.join(' → ')}
              </li>
            ))}
          </ul>
        </section>
      )}
      {faults.length > 0 && (
        <details class="panel">
          <summary class="warn">
            △ {faults.length === 1 ? '1 Dockerfile' : `${faults.length} Dockerfiles`} could not be read
          </summary>
          <ul>
            {faults.map(({ service, branch, message }) => (
              <li key={`${service} ${branch ?? ''}`}>
                <a href={`/services/${encodeURIComponent(service)}`}>{service}</a>
                {branch !== null && <span class="soft"> {branch}</span>}: {message}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
