import { SlipwayError } from '../errors.js';

/**
 * Address of the page after `current`, from its Link header (RFC 8288, `rel="next"`), or null at the end. Fails with `registry-error` if it
 * leads away from the registry, because the credentials would follow.
 */
export function nextPage(current: URL, link: string | null): URL | null {
  for (const [, target = '', parameters = ''] of (link ?? '').matchAll(/<([^<>]*)>([^<]*)/g)) {
    if (!/;\s*rel\s*=\s*"?next"?\s*(?:[;,]|$)/i.test(parameters)) continue;
    const next = URL.canParse(target, current.href) ? new URL(target, current) : null;
    if (next === null || next.origin !== current.origin || next.href === current.href)
      throw new SlipwayError('registry-error', `${current.host} names a next page that cannot be followed.`);
    return next;
  }
  return null;
}
