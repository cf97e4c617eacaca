import { Option, type Command } from 'commander';
import { serverFor, show, type Cli } from '../remote/cli.js';
import { Ended, exitCodes, usage } from '../remote/exit.js';
import { answer } from '../remote/server.js';
import { buildsText, buildText } from './build-text.js';
import { followBuild } from './follow.js';

const MAX_LISTED = 200;

interface ListOptions {
  readonly branch?: string;
  readonly failed?: true;
  readonly running?: true;
  readonly limit: string;
}

/** `slipway builds` and `build`. */
export function addBuilds(program: Command, cli: Cli): void {
  program
    .command('builds')
    .argument('[service]')
    .description('builds, newest first')
    .option('-b, --branch <branch>', 'of one branch')
    .addOption(new Option('--failed', 'those that failed').conflicts('running'))
    .option('--running', 'those that run')
    .option('-n, --limit <number>', 'how many', '20')
    .action(async (service: string | undefined, options: ListOptions, command: Command) => {
      const server = await serverFor(command, cli);
      const query = {
        limit: limitOf(options.limit),
        ...(service !== undefined && { service }),
        ...(options.branch !== undefined && { branch: options.branch }),
        ...(options.failed && { status: 'failed' as const }),
        ...(options.running && { status: 'running' as const }),
      };
      const page = await answer(server, server.api.GET('/api/v1/builds', { params: { query } }));
      show(command, cli, page, () => buildsText(page.builds, cli));
      const [newest] = page.builds;
      if (newest === undefined) cli.terminal.say('There is no such build.');
      else cli.terminal.hint(`slipway build ${newest.id}`);
    });
  program
    .command('build')
    .argument('<id>')
    .description('one build: how it ended, why it was begun, its image and its steps')
    .action(async (id: string, _: object, command: Command) => {
      const server = await serverFor(command, cli);
      const build = await answer(server, server.api.GET('/api/v1/builds/{id}', { params: { path: { id } } }));
      show(command, cli, build, () => buildText(build, cli));
      cli.terminal.hint(build.status === 'failed' ? `slipway logs ${id} --failed` : `slipway logs ${id}`);
    });
}

export function limitOf(text: string): number {
  const limit = Number(text);
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > MAX_LISTED)
    throw usage(`-n is a number from 1 to ${MAX_LISTED}.`);
  return limit;
}

/** `slipway rebuild SERVICE`. */
export function addRebuild(program: Command, cli: Cli): void {
  program
    .command('rebuild')
    .argument('<service>')
    .description('build a service again, whatever has changed')
    .option('-b, --branch <branch>', 'default: the main branch')
    .option('-c, --commit <commit>', 'default: the head of the branch')
    .option('--no-cache', 'without the layers of earlier builds')
    .option('-w, --wait', 'print its log as it comes, and end as it ends')
    .action(async (service: string, options: RebuildOptions, command: Command) => {
      const server = await serverFor(command, cli);
      const { branch = null, commit = null, cache, wait } = options;
      const body = { branch, commit, noCache: !cache };
      const build = await answer(
        server,
        server.api.POST('/rebuild/{service}', { params: { path: { service } }, body }),
      );
      await followBuild(build, wait === true, { command, cli, server });
    });
}

interface RebuildOptions {
  readonly branch?: string;
  readonly commit?: string;
  readonly cache: boolean;
  readonly wait?: true;
}

/** The newest build of a service. */
export async function newestBuild(service: string, server: Parameters<typeof answer>[0]): Promise<string> {
  const query = { service, limit: 1 };
  const { builds } = await answer(server, server.api.GET('/api/v1/builds', { params: { query } }));
  const [newest] = builds;
  if (newest === undefined) throw new Ended(exitCodes.failed, `${service} has no build.`);
  return newest.id;
}
