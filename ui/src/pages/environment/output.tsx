import { useLocation } from 'preact-iso';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Environment } from '../../environments/types.js';
import { Log } from '../../log/log.js';
import { readText } from '../../log/text-stream.js';
import { useUrlState } from '../../shell/url-state.js';

/** Of output that has no end: what a page shows well. */
const KEPT_LINES = 100_000;

/** What the containers of a service write, as it comes. */
export function Output({ environment: { name, services, hosts } }: { environment: Environment }): VNode | null {
  const url = useUrlState(`/environments/${name}`);
  const section = useRef<HTMLElement>(null);
  const { query } = useLocation();
  const [service, host] = [url.get('logs'), url.get('host')];
  // A link to the output leads to it.
  useEffect(() => {
    if (service !== '') section.current?.scrollIntoView({ block: 'start' });
  }, [query['logs']]);
  if (services.length === 0) return null;
  const parameters = new URLSearchParams({ tail: '200', ...(host !== '' && { host }) });
  return (
    <section ref={section} aria-labelledby="output-title">
      <div class="head">
        <h2 id="output-title">Output</h2>
        <Choice
          label="service"
          value={service}
          all="–"
          names={services.map((one) => one.service)}
          set={(logs) => url.set({ logs })}
        />
        {service !== '' && hosts.length > 1 && (
          <Choice
            label="host"
            value={host}
            all="all"
            names={hosts.map((one) => one.name)}
            set={(one) => url.set({ host: one })}
          />
        )}
      </div>
      {service === '' ? (
        <p class="soft">Choose a service to read what its containers write.</p>
      ) : (
        <Log
          key={`${service} ${host}`}
          url={`/api/v1/environments/${encodeURIComponent(name)}/services/${encodeURIComponent(service)}/logs?${parameters}`}
          read={readText}
          keep={KEPT_LINES}
          title={`Output of ${service}`}
          steps={[{ name: `${service} in ${name}`, note: '', state: 'running' }]}
          begin={null}
          isRunning={true}
          failed={null}
        />
      )}
    </section>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly all: string;
  readonly names: readonly string[];
  readonly set: (name: string) => void;
}

function Choice({ label, value, all, names, set }: ChoiceProps): VNode {
  return (
    <label class="soft">
      {label}{' '}
      <select value={value} onChange={({ currentTarget }) => set(currentTarget.value)}>
        <option value="">{all}</option>
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
