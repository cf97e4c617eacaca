import type { VNode } from 'preact';

const snippet = `environments:
  staging:
    hosts:
      s1: { engine: 'ssh://deploy@10.0.0.11', address: 10.0.0.11 }
services:
  shop:
    deploy: { environments: [staging] }`;

/** What an environment is, and how to begin. */
export function Empty(): VNode {
  return (
    <div class="empty">
      <h1>No environments yet</h1>
      <p>
        An environment is a named set of hosts, each a Docker Engine, to which services are deployed. Slipway looks at
        the hosts and shows here which version of which service runs where. Looking changes nothing on them.
      </p>
      <p>Name one in the configuration. The server reads the file again by itself.</p>
      <pre class="snippet" tabIndex={0} aria-label="Example of a configuration">
        {snippet}
      </pre>
    </div>
  );
}
