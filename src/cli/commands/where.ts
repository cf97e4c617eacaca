import type { Command } from 'commander';
import { serverFor, show, type Cli } from '../remote/cli.js';
import { ago } from '../remote/moment.js';
import { answer } from '../remote/server.js';
import { glyph, inColour } from '../remote/states.js';
import { table } from '../remote/table.js';

const states = { yes: 'succeeded', no: 'not-there', partly: 'other', unknown: 'unknown' } as const;

/** `slipway where SERVICE COMMIT`: in which environments a commit or a version runs, and why not in the others. */
export function addWhere(program: Command, cli: Cli): void {
  program
    .command('where')
    .argument('<service>')
    .argument('<commit-or-version>', 'a commit, its beginning, or a version')
    .description('where a commit runs, and why not elsewhere')
    .action(async (service: string, wanted: string, _: object, command: Command) => {
      const server = await serverFor(command, cli);
      const query = /^[0-9a-f]{4,64}$/i.test(wanted) ? { commit: wanted } : { version: wanted };
      const found = await answer(
        server,
        server.api.GET('/api/v1/services/{service}/where', { params: { path: { service }, query } }),
      );
      show(command, cli, found, () =>
        table(
          ['RUNS', 'ENVIRONMENT', 'RELEASE', 'HOSTS', 'SINCE', 'WHY'],
          found.environments.map(({ environment, hosts, reason, release, runs, since }) => [
            { text: `${glyph(states[runs])} ${runs}`, paint: inColour(states[runs], cli.terminal.colours) },
            environment,
            release === null ? '–' : String(release),
            hosts.join(', ') || '–',
            ago(since, cli.now()),
            reason.message,
          ]),
          cli.terminal,
        ),
      );
      const missing = found.environments.find(({ runs }) => runs === 'no');
      if (found.environments.length === 0) cli.terminal.say('There are no environments.');
      else if (missing !== undefined) {
        const flag = 'commit' in query ? '--commit' : '--version';
        cli.terminal.hint(`slipway deploy ${service} ${missing.environment} ${flag} ${wanted} --dry-run`);
      }
    });
}
