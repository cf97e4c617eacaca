import type { VNode } from 'preact';
import type { Webhooks } from '../../api/types.js';
import { Copy } from '../../parts/copy.js';
import { State } from '../../parts/state.js';
import { Ago } from '../../parts/time.js';

/** What to enter at GitHub, and whether it has been heard from. */
export function Empty({ webhooks: { url, path, contentType, takenAt } }: { webhooks: Webhooks }): VNode {
  const address = url ?? `${location.origin}${path}`;
  return (
    <div class="empty">
      <h2>Nothing has been pushed yet</h2>
      <p>
        Add a webhook to the repository, or once for the whole organisation. At GitHub that is Settings, Webhooks, Add
        webhook.
      </p>
      <dl class="facts">
        <dt>Payload URL</dt>
        <dd>
          <span class="mono">{address}</span> <Copy what="payload URL" text={address} />
        </dd>
        <dt>Content type</dt>
        <dd>
          <span class="mono">{contentType}</span> <Copy what="content type" text={contentType} />
        </dd>
        <dt>Secret</dt>
        <dd>
          A long random text, which is also in <span class="mono">github.webhookSecrets</span> of the configuration. For
          example from <span class="mono">openssl rand -hex 32</span>{' '}
          <Copy what="command for a secret" text="openssl rand -hex 32" />
        </dd>
        <dt>Events</dt>
        <dd>Pushes, and pull requests for plans</dd>
      </dl>
      <p role="status">
        {takenAt === null ? (
          <State of="queued" word="waiting for the first ping" />
        ) : (
          <>
            <State of="in-step" word="heard from GitHub" /> <Ago at={takenAt} />. The next push shows here.
          </>
        )}
      </p>
    </div>
  );
}
