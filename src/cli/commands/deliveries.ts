import type { Command } from 'commander';
import { serverFor, show, type Cli } from '../remote/cli.js';
import { counted } from '../remote/counted.js';
import { ago, short } from '../remote/moment.js';
import { answer } from '../remote/server.js';
import { table } from '../remote/table.js';
import { limitOf } from './builds.js';

interface DeliveryOptions {
  readonly repository?: string;
  readonly commit?: string;
  readonly limit: string;
}

/** `slipway deliveries` and `replay`. */
export function addDeliveries(program: Command, cli: Cli): void {
  program
    .command('deliveries')
    .description('pushes that were heard, and what was decided without one')
    .option('-r, --repository <name>', 'of one repository')
    .option('-c, --commit <commit>', 'about one commit')
    .option('-n, --limit <number>', 'how many', '20')
    .action(async ({ repository, commit, limit }: DeliveryOptions, command: Command) => {
      const server = await serverFor(command, cli);
      const query = {
        limit: limitOf(limit),
        ...(repository !== undefined && { repository }),
        ...(commit !== undefined && { commit }),
      };
      const ledger = await answer(server, server.api.GET('/api/v1/ledger', { params: { query } }));
      show(command, cli, ledger, () =>
        table(
          ['WHEN', 'WHAT', 'ABOUT', 'BRANCH', 'COMMIT', 'CAME TO', 'ID'],
          ledger.entries.map((entry) => rowOf(entry, cli.now())),
          cli.terminal,
        ),
      );
      const heard = ledger.entries.find(({ delivery }) => delivery !== null)?.delivery;
      if (ledger.entries.length === 0) cli.terminal.say('Nothing was heard of yet.');
      else if (heard) cli.terminal.hint(`slipway replay ${heard.id}`);
    });
  program
    .command('replay')
    .argument('<id>')
    .description('decide again about what a delivery told')
    .action(async (id: string, _: object, command: Command) => {
      const server = await serverFor(command, cli);
      const delivery = await answer(
        server,
        server.api.POST('/api/v1/deliveries/{id}/replay', { params: { path: { id } } }),
      );
      show(command, cli, delivery, () => `${delivery.id}\n`);
      cli.terminal.hint('slipway deliveries');
    });
}

interface Entry {
  readonly at: string;
  readonly builds: number;
  readonly skips: number;
  readonly waits: number;
  readonly by: string | null;
  readonly decision: {
    readonly service: string;
    readonly branch: string;
    readonly head: string | null;
    readonly decision: string;
    readonly trigger: { readonly kind: string };
    readonly reason: { readonly message: string };
  } | null;
  readonly delivery: {
    readonly id: string;
    readonly event: string;
    readonly repository: string | null;
    readonly branch: string | null;
    readonly after: string | null;
    readonly status: string;
    readonly reason: string | null;
  } | null;
}

function rowOf(entry: Entry, now: number): readonly string[] {
  const { at, by, decision, delivery } = entry;
  if (delivery !== null)
    return [
      ago(at, now),
      [delivery.event, by].filter(Boolean).join(' '),
      delivery.repository ?? '–',
      delivery.branch ?? '–',
      short(delivery.after),
      cameTo(entry, delivery),
      delivery.id,
    ];
  if (decision === null) return [ago(at, now)];
  const { service, branch, head, reason, trigger } = decision;
  const mark = decision.decision === 'build' ? '✓' : '–';
  return [
    ago(at, now),
    [trigger.kind, by].filter(Boolean).join(' '),
    service,
    branch,
    short(head),
    `${mark} ${reason.message}`,
  ];
}

function cameTo({ builds, skips, waits }: Entry, { status, reason }: NonNullable<Entry['delivery']>): string {
  if (status !== 'planned') return reason === null ? status : `${status}: ${reason}`;
  const parts = [
    builds > 0 && counted(builds, 'build'),
    waits > 0 && `${waits} ${waits === 1 ? 'waits' : 'wait'} for an artifact`,
    skips > 0 && `${skips} with nothing to build`,
  ];
  return parts.filter(Boolean).join(', ') || 'no service';
}
