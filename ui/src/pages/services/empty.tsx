import type { VNode } from 'preact';

const snippet = `services:
  shop:
    repository: abc/shop
    image: shop
    branches: [main]`;

/** What to do first. */
export function Empty(): VNode {
  return (
    <div class="empty">
      <h1>No services yet</h1>
      <p>Name one in the configuration. The server reads the file again by itself.</p>
      <pre class="snippet">{snippet}</pre>
    </div>
  );
}
