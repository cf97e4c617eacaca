import { useQuery } from '@tanstack/preact-query';
import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { ask } from '../../api/client.js';
import { Loaded } from '../../shell/page.js';

const LINES = 50;

/** The last lines of each container, read when somebody opens them. */
export function LastLines({ service, environment }: { service: string; environment: string }): VNode {
  const isOpen = useSignal(false);
  const url = `/api/v1/environments/${encodeURIComponent(environment)}/services/${encodeURIComponent(service)}/logs`;
  const read = useQuery({
    queryKey: ['last-lines', environment, service],
    queryFn: async ({ signal }) => (await ask(`${url}?tail=${LINES}`, { signal })).text(),
    enabled: isOpen.value,
    staleTime: 0,
  });
  return (
    <details onToggle={({ currentTarget }) => (isOpen.value = currentTarget.open)}>
      <summary>Last lines of the containers</summary>
      {isOpen.value && (
        <Loaded read={read} rows={3}>
          {(text) =>
            text === '' ? (
              <p class="soft">They have written nothing.</p>
            ) : (
              <pre class="snippet" tabIndex={0} aria-label={`Last lines of ${service} in ${environment}`}>
                {text}
              </pre>
            )
          }
        </Loaded>
      )}
      <p>
        <a href={`/environments/${environment}?logs=${encodeURIComponent(service)}`}>Follow them</a>
      </p>
    </details>
  );
}
