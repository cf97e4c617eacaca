import type { RestartPolicy } from './model/parameters.js';

/** Restart policy of a text such as `always` or `on-failure:3`; null if the text is not one. */
export function parseRestart(text: string): RestartPolicy | null {
  if (text === 'no' || text === 'always' || text === 'unless-stopped') return { name: text, maxRetries: 0 };
  const found = /^on-failure(?::(?<retries>\d{1,6}))?$/.exec(text);
  return found === null ? null : { name: 'on-failure', maxRetries: Number(found.groups?.retries ?? 0) };
}
