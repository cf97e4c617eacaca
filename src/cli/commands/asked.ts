import type { Command } from 'commander';
import { graphText } from '../text/graph-text.js';
import { planTable } from '../text/plan-table.js';
import { serverFor, show, type Cli } from '../remote/cli.js';
import { Ended, exitCodes, usage } from '../remote/exit.js';
import { answer } from '../remote/server.js';

interface PlanOptions {
  readonly repository?: string;
  readonly branch?: string;
  readonly base?: string | null;
  readonly head?: string | null;
}

/** `plan`, `graph` and `compose` without `--config`: the server answers for its own configuration. */
export function addAsked(program: Command, cli: Cli): void {
  program
    .command('plan')
    .description('what a push would build; with --config FILE, by that configuration')
    .option('-r, --repository <name>')
    .option('-b, --branch <branch>')
    .option('--base <commit>', 'default: the newest image of each service')
    .option('--head <commit>', 'default: the head of the branch')
    .action(async ({ repository, branch, base = null, head = null }: PlanOptions, command: Command) => {
      if (repository === undefined || branch === undefined) throw usage('plan needs --repository and --branch.');
      const server = await serverFor(command, cli);
      const body = { repository, branch, base, head };
      const plan = await answer(server, server.api.POST('/api/v1/plan', { body }));
      show(command, cli, plan, () => planTable({ decisions: plan.decisions, warnings: plan.warnings ?? [] }));
    });
  program
    .command('graph')
    .description('which images stand on which; with --config FILE, by that configuration')
    .action(async (_: object, command: Command) => {
      const server = await serverFor(command, cli);
      const graph = await answer(server, server.api.GET('/api/v1/graph'));
      show(command, cli, graph, () => graphText(graph));
      if (graph.cycles.length > 0) cli.exit(exitCodes.failed);
    });
  program
    .command('compose')
    .argument('<service>')
    .description('the effective run file of a release')
    .requiredOption('-e, --environment <name>')
    .option('--release <number>', 'default: the newest one')
    .action(async (service: string, options: { environment: string; release?: string }, command: Command) => {
      const server = await serverFor(command, cli);
      let number = options.release;
      if (number === undefined) {
        const params = { path: { service }, query: { limit: 1 } };
        const { releases } = await answer(server, server.api.GET('/api/v1/releases/{service}', { params }));
        number = releases[0] && String(releases[0].number);
      }
      if (number === undefined)
        throw new Ended(exitCodes.failed, `${service} has no release.`, `slipway why ${service}`);
      const path = `/api/v1/releases/${encodeURIComponent(service)}/${encodeURIComponent(number)}/compose`;
      const file = await server.open(`${path}?environment=${encodeURIComponent(options.environment)}`);
      cli.terminal.out(await file.text());
    });
}
