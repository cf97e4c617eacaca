import type { Command } from 'commander';
import { serverFor, show, type Cli } from '../remote/cli.js';
import { ago } from '../remote/moment.js';
import { answer } from '../remote/server.js';
import { glyph, inColour, word } from '../remote/states.js';
import { table } from '../remote/table.js';

/** `slipway services [FILTER]`: every service, what wants attention first. */
export function addServices(program: Command, cli: Cli): void {
  program
    .command('services')
    .argument('[filter]', 'part of a name, a repository or a tag')
    .description('every service with its newest image, and why it was built or not')
    .action(async (filter: string | undefined, _: object, command: Command) => {
      const server = await serverFor(command, cli);
      const overview = await answer(server, server.api.GET('/api/v1/overview'));
      const wanted = (filter ?? '').toLowerCase();
      const services = overview.services
        .filter((row) => `${row.name} ${row.repository} ${row.tag ?? ''}`.toLowerCase().includes(wanted))
        .sort((a, b) => rank(a.state) - rank(b.state) || (a.name < b.name ? -1 : 1));
      show(command, cli, { ...overview, services }, () => text(services, cli));
      if (services.length === 0)
        cli.terminal.say(wanted === '' ? 'There are no services yet.' : `No service has ${wanted}.`);
      const [first] = services;
      if (first !== undefined) cli.terminal.hint(`slipway why ${first.name}`);
    });
}

const attention = ['failed', 'running', 'queued', 'waits-for-artifact'];

const rank = (state: string): number => (attention.includes(state) ? attention.indexOf(state) : attention.length);

interface Row {
  readonly name: string;
  readonly state: string;
  readonly branch: string | null;
  readonly tag: string | null;
  readonly at: string | null;
  readonly step: string | null;
  readonly sentence: string;
  readonly drift: boolean;
}

function text(services: readonly Row[], { terminal, now }: Cli): string {
  const rows = services.map(({ name, state, branch, tag, at, step, sentence, drift }) => [
    { text: `${glyph(state)} ${word(state)}`, paint: inColour(state, terminal.colours) },
    name,
    branch ?? '–',
    tag ?? '–',
    ago(at, now()),
    `${state === 'running' ? (step ?? sentence) : sentence}${drift ? '  △ regions drifted' : ''}`,
  ]);
  return table(['STATE', 'SERVICE', 'BRANCH', 'IMAGE', 'SINCE', 'WHY'], rows, terminal);
}
