import { fits, parseUrl, unless, type Check } from './check.js';

const slackPrefix = 'slack:';
const mailPrefix = 'mailto:';
const mailForm = /^[^\s@<>,;"]{1,64}@[^\s@<>,;"]{1,255}$/;

/** Standard Webhooks: "between 24 bytes and 64 bytes". */
const MIN_SECRET_BYTES = 24;
const MAX_SECRET_BYTES = 64;

/** Where a notice goes. */
export type NoticeTarget =
  { readonly kind: 'webhook' | 'slack'; readonly url: string } | { readonly kind: 'mail'; readonly address: string };

/** Null: it is not one. Addresses of webhooks may have a query, which often holds a token. */
export function noticeTarget(text: string): NoticeTarget | null {
  if (text.startsWith(mailPrefix)) {
    const address = text.slice(mailPrefix.length);
    return mailForm.test(address) ? { kind: 'mail', address } : null;
  }
  const isSlack = text.startsWith(slackPrefix);
  const url = isSlack ? text.slice(slackPrefix.length) : text;
  const parsed = /^https?:\/\//.test(url) ? parseUrl(url) : null;
  if (parsed === null || parsed.username !== '' || parsed.password !== '' || parsed.hash !== '') return null;
  return { kind: isSlack ? 'slack' : 'webhook', url };
}

export const noticeFormats = {
  'notice-target': unless(
    (text) => noticeTarget(text) !== null,
    'must be an https:// address, slack: and such an address, or mailto: and an address',
  ),
  'signing-secret': unless(isSigningSecret, 'must be whsec_ and 24 to 64 bytes in base64'),
  'mail-address': fits(mailForm, 'must be a mail address such as slipway@abc.net'),
  'host-name': fits(/^([\w-]+(\.[\w-]+)*\.?|\[[\da-fA-F:.]+\])$/, 'must be a bare host name, without a scheme or port'),
} as const satisfies Record<string, Check>;

function isSigningSecret(text: string): boolean {
  const encoded = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text)?.[1];
  const { length } = Buffer.from(encoded ?? '', 'base64');
  return length >= MIN_SECRET_BYTES && length <= MAX_SECRET_BYTES;
}
