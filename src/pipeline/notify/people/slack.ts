import type { Secret } from '../../../secret.js';
import { sendJson, type Sending } from '../send/send-json.js';
import type { Send } from './people.js';

export interface SlackOptions extends Sending {
  readonly url: Secret;
  readonly link: (path: string) => string | null;
  readonly timeoutMs: number;
}

/** Slack takes 3,000 characters in one section. */
const MAX_SECTION = 2_900;

/** A message as an incoming webhook of Slack ("Sending messages using incoming webhooks"), which Mattermost and Discord take too. */
export function toSlack({ url, link, timeoutMs, ...sending }: SlackOptions): Send {
  return async ({ title, lines, path }) => {
    const page = link(path);
    const head = page === null ? escaped(title) : `<${page}|${escaped(title)}>`;
    const section = linesWithin([`*${head}*`, ...lines.map(escaped)], MAX_SECTION);
    await sendJson(sending, {
      url: new URL(url.reveal()),
      // Slack shows `text` in notifications; Mattermost and Discord show it alone.
      body: { text: section, blocks: [{ type: 'section', text: { type: 'mrkdwn', text: section } }] },
      timeoutMs,
      redirects: 'refuse',
    });
  };
}

/** The first of them, in whole lines. */
function linesWithin(lines: readonly string[], limit: number): string {
  let text = '';
  for (const line of lines) {
    if (text.length + line.length + 2 > limit) return `${text}…`;
    text += `${line}\n`;
  }
  return text.trimEnd();
}

/** An `@` with a blank of no width after it, which no program takes for a mention. */
const plainAt = '@\u200b';

/** The three characters that Slack asks to escape. A text then names nobody and links nowhere. */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('@', plainAt);
