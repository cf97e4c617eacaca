import type { VNode } from 'preact';
import type { Webhooks } from '../../api/types.js';
import { counted } from '../../parts/short.js';
import { Ago } from '../../parts/time.js';

/** Webhooks that were refused lately, each with what to do. Nothing is shown if there are none. */
export function Refused({ webhooks: { refused } }: { webhooks: Webhooks }): VNode | null {
  if (refused.length === 0) return null;
  return (
    <ul class="bar refused" aria-label="Refused webhooks">
      {refused.map(({ at, code, message, remedy, times, address }) => (
        <li key={`${code} ${address}`}>
          <span class="warn">
            <span aria-hidden="true">△ </span>
            {counted(times, 'webhook')} refused
          </span>{' '}
          <span class="soft">
            {address !== null && `from ${address} `}
            <Ago at={at} /> · <span class="mono">{code}</span>
          </span>
          <p>
            {message} {remedy}
          </p>
        </li>
      ))}
    </ul>
  );
}
