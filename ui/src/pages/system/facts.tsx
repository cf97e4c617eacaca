import type { VNode } from 'preact';
import type { System } from '../../api/types.js';
import { Ago } from '../../parts/time.js';

/** What runs, in which version, since when. */
export function Facts({ system: { versions, startedAt } }: { system: System }): VNode {
  return (
    <section>
      <h2>Versions</h2>
      <dl class="versions">
        <dt>Slipway</dt>
        <dd>
          {versions.slipway}
          <span class="soft">
            {' '}
            · started <Ago at={startedAt} />
          </span>
        </dd>
        <dt>Docker Engine</dt>
        <dd>{versions.engine ?? 'it does not say'}</dd>
        <dt>Node.js</dt>
        <dd>{versions.node}</dd>
        <dt>Database</dt>
        <dd class="mono">{versions.database}</dd>
        <dt>API</dt>
        <dd>
          <a href="/docs" target="_blank" rel="noopener">
            /docs
          </a>
        </dd>
      </dl>
    </section>
  );
}
