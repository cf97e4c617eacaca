import type { Command } from 'commander';
import type { components } from '../../../ui/src/api/schema.js';
import { serverFor, show, type Cli } from '../remote/cli.js';
import { answer } from '../remote/server.js';
import { table } from '../remote/table.js';

type Matrix = components['schemas']['Matrix'];

/** `slipway environments` and `containers`. */
export function addEnvironments(program: Command, cli: Cli): void {
  program
    .command('environments')
    .argument('[filter]', 'part of the name of a service')
    .description('which release of each service runs where')
    .action(async (filter: string | undefined, _: object, command: Command) => {
      const server = await serverFor(command, cli);
      const matrix = await answer(server, server.api.GET('/api/v1/matrix'));
      const wanted = (filter ?? '').toLowerCase();
      const services = matrix.services.filter(({ service }) => service.toLowerCase().includes(wanted));
      show(command, cli, { ...matrix, services }, () => matrixText({ ...matrix, services }, cli));
      for (const { name, hold } of matrix.environments)
        if (hold !== null) cli.terminal.say(`${name} is held by ${hold.by}: ${hold.reason}`);
      if (matrix.environments.length === 0) cli.terminal.say('There are no environments.');
      const [first] = services;
      const last = matrix.environments.at(-1);
      if (first !== undefined && last !== undefined)
        cli.terminal.hint(`slipway deploy ${first.service} ${last.name} --branch main --dry-run`);
    });
  program
    .command('containers')
    .argument('<environment>')
    .argument('[host]', 'default: all hosts')
    .description('containers on the hosts of an environment')
    .action(async (environment: string, host: string | undefined, _: object, command: Command) => {
      const server = await serverFor(command, cli);
      const path = { environment };
      const { hosts } = await answer(
        server,
        server.api.GET('/api/v1/environments/{environment}', { params: { path } }),
      );
      const named = host === undefined ? hosts.map(({ name }) => name) : [host];
      const found = await Promise.all(
        named.map(async (one) => ({
          host: one,
          ...(await answer(
            server,
            server.api.GET('/api/v1/environments/{environment}/hosts/{host}/containers', {
              params: { path: { ...path, host: one } },
            }),
          )),
        })),
      );
      const rows = found.flatMap(({ host: one, containers }) =>
        containers.map(({ name, state, image, service, release }) => [
          one,
          name,
          state,
          service ?? '–',
          release === null ? '–' : String(release),
          image,
        ]),
      );
      show(command, cli, found, () =>
        table(['HOST', 'CONTAINER', 'STATE', 'SERVICE', 'RELEASE', 'IMAGE'], rows, cli.terminal),
      );
      if (rows.length === 0) cli.terminal.say('There are no containers.');
    });
}

function matrixText({ environments, services }: Matrix, { terminal }: Cli): string {
  const rows = services.map(({ service, cells }) => [
    service,
    ...environments.map((_, at) => cellOf(cells[at] ?? null)),
  ]);
  return table(['SERVICE', ...environments.map(({ name }) => name.toUpperCase())], rows, terminal);
}

/** What should run there, whether it does, and how many releases it is behind. */
function cellOf(cell: Matrix['services'][number]['cells'][number] | null): string {
  if (cell === null || cell.desired === null) return '–';
  const { desired, behind, last } = cell;
  const mark = last === null ? '' : ({ failed: ' ✕', 'rolled-back': ' ↶' }[last.status as string] ?? '');
  return `${desired.tag ?? desired.digest.slice(0, 19)}${mark}${behind ? ` ↓${behind}` : ''}`;
}
