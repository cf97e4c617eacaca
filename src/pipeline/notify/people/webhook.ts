import { Webhook } from 'standardwebhooks';
import type { Clock } from '../../../clock.js';
import { isoTime } from '../../../iso-time.js';
import type { Secret } from '../../../secret.js';
import { sendJson, type Sending } from '../send/send-json.js';
import type { Send } from './people.js';

export interface WebhookOptions extends Sending {
  readonly url: Secret;
  readonly secret: Secret;
  /** Makes the address of a page. Null: Slipway has none for people. */
  readonly link: (path: string) => string | null;
  readonly clock: Pick<Clock, 'now'>;
  readonly timeoutMs: number;
}

/** A message as an outgoing webhook, signed as the Standard Webhooks specification has it (`webhook-id`, `-timestamp`, `-signature`). */
export function toWebhook({ url, secret, link, clock, timeoutMs, ...sending }: WebhookOptions): Send {
  const signer = new Webhook(secret.reveal());
  return async ({ type, title, lines, path, data }, id) => {
    const now = new Date(clock.now());
    const event = { type, timestamp: isoTime(clock.now()), data: { title, lines, url: link(path), ...data } };
    const body = JSON.stringify(event);
    await sendJson(sending, {
      url: new URL(url.reveal()),
      body,
      headers: {
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
        'webhook-signature': signer.sign(id, now, body),
      },
      timeoutMs,
      redirects: 'refuse',
    });
  };
}
