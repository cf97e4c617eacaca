import { Option, type Command } from 'commander';
import { printableOutput } from '../../printable.js';
import { serverFor, type Cli } from '../remote/cli.js';
import { Ended, exitCodes } from '../remote/exit.js';
import { printLog } from '../remote/print-log.js';
import { answer, type Server } from '../remote/server.js';
import { isDeployment } from '../remote/work-kind.js';
import { newestBuild } from './builds.js';

interface LogOptions {
  readonly follow?: true;
  readonly failed?: true;
}

/** `slipway logs ID|SERVICE`: the log of a build or a deployment, or of the newest build of a service. */
export function addLogs(program: Command, cli: Cli): void {
  program
    .command('logs')
    .argument('<id-or-service>', 'a build, a deployment, or a service: its newest build')
    .description('print a log')
    .option('-f, --follow', 'as it comes; ends as the build ends')
    .addOption(new Option('--failed', 'only the step that failed').conflicts('follow'))
    .action(async (named: string, { follow, failed }: LogOptions, command: Command) => {
      const server = await serverFor(command, cli);
      const { path, end } = await logOf(named, server);
      if (failed === true) return cli.terminal.out(printableOutput(await failedStep(path, server)));
      await printLog(follow ? `${path}/log?follow=true` : `${path}/log`, server, cli.terminal.out);
      if (follow === true && !['succeeded', 'running', 'queued', 'pending'].includes(await end()))
        cli.exit(exitCodes.failed);
    });
}

interface Log {
  readonly path: string;
  end(): Promise<string>;
}

async function logOf(named: string, server: Server): Promise<Log> {
  const { services } = await answer(server, server.api.GET('/api/v1/overview'));
  const isService = services.some(({ name }) => name === named);
  const id = isService ? await newestBuild(named, server) : named;
  const params = { params: { path: { id } } };
  if (!isService && isDeployment(id)) {
    const ask = () => answer(server, server.api.GET('/api/v1/deployments/{id}', params));
    await ask();
    return { path: `/api/v1/deployments/${id}`, end: async () => (await ask()).status };
  }
  const build = await server.api.GET('/api/v1/builds/{id}', params);
  if (build.response.status === 404)
    throw new Ended(exitCodes.failed, `No build, deployment or service is called ${named}.`, 'slipway builds');
  await answer(server, Promise.resolve(build));
  const end = async () => (await answer(server, server.api.GET('/api/v1/builds/{id}', params))).status;
  return { path: `/api/v1/builds/${encodeURIComponent(id)}`, end };
}

/** The lines of the step that failed, from the log's pieces, which know their step. All lines if it failed outside of a step. */
async function failedStep(path: string, server: Server): Promise<string> {
  const work = (await (await server.open(path)).json()) as {
    readonly error: { readonly stepIndex?: number | null } | null;
    readonly steps: readonly { readonly failed?: boolean }[];
  };
  const index = work.error?.stepIndex ?? work.steps.findLastIndex(({ failed }) => failed === true);
  if (work.error === null) throw new Ended(exitCodes.failed, 'No step of it failed.');
  if (index < 0) return (await server.open(`${path}/log`)).text();
  const lines = (await (await server.open(`${path}/log?format=chunks`)).text()).split('\n').filter(Boolean);
  return lines
    .map((line) => JSON.parse(line) as { readonly step: number | null; readonly text: string })
    .filter(({ step }) => step === index)
    .map(({ text }) => text)
    .join('');
}
