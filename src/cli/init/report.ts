import { table } from '../remote/table.js';
import { facts } from '../remote/table.js';
import type { Terminal } from '../remote/terminal.js';
import type { ProposedService } from './propose.js';
import type { RemoteName } from './remote-name.js';
import { shown } from './regions.js';

/** What GitHub asks for on the page of a new webhook, and what the server's environment needs. */
export interface WebhookSettings {
  readonly pages: readonly string[];
  readonly payloadUrl: string;
  readonly contentType: string;
  readonly events: readonly string[];
  /** Variables of the server with their values, which are in no file. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Stands for `server.publicUrl` until it is known. */
const unknownUrl = 'https://<where GitHub reaches the server>';

export function webhookSettings(
  publicUrl: string | null,
  remotes: readonly RemoteName[],
  secret: () => string,
): WebhookSettings {
  return {
    pages: remotes.flatMap(({ hooksPage }) => hooksPage ?? []),
    payloadUrl: `${publicUrl?.replace(/\/+$/, '') ?? unknownUrl}/webhooks/github`,
    contentType: 'application/json',
    events: ['push', 'pull_request'],
    environment: { GITHUB_WEBHOOK_SECRET: secret(), SLIPWAY_TOKEN: secret() },
  };
}

/** The services that were found, for people. */
export function servicesTable(services: readonly ProposedService[], terminal: Terminal): string {
  const rows = services.map((service) => [service.name, service.path || '.', service.dockerfile, regionsText(service)]);
  return table(['SERVICE', 'PATH', 'DOCKERFILE', 'REGIONS'], rows, terminal);
}

/** Regions that a line of the table names. */
const MAX_NAMED = 3;

function regionsText({ path, regions: { included, excluded } }: ProposedService): string {
  if (included === null) return `everything in ${shown(path)}`;
  if (included.length === 0) return 'every path';
  const more = included.length > MAX_NAMED ? ` and ${included.length - MAX_NAMED} more` : '';
  const less = excluded.length > 0 ? `, less ${excluded.length} of .dockerignore` : '';
  return `${included.slice(0, MAX_NAMED).join(', ')}${more}${less}`;
}

/** The settings of the webhook and of the environment, for people. */
export function webhookText(
  { pages, payloadUrl, contentType, environment }: WebhookSettings,
  terminal: Terminal,
): string {
  const settings = facts(
    [
      pages.length > 0 ? ['Webhook at', pages.join('\n')] : null,
      ['Payload URL', payloadUrl],
      ['Content type', contentType],
      ['Secret', 'the value of GITHUB_WEBHOOK_SECRET below'],
      ['Events', 'Pushes and pull requests'],
    ],
    terminal,
  );
  const exports = Object.entries(environment).map(([name, text]) => `export ${name}=${text}\n`);
  return `${settings}\n${exports.join('')}`;
}
