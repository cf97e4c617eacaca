import type { Command } from 'commander';
import type { components } from '../../../ui/src/api/schema.js';
import { show, globalsOf, type Cli } from '../remote/cli.js';
import { buildText } from './build-text.js';
import { deploymentText } from './deployment-text.js';
import { exitCodes } from '../remote/exit.js';
import { printLog } from '../remote/print-log.js';
import { answer, type Server } from '../remote/server.js';

/** How long one request waits for an end, in seconds. The server allows a minute. */
const WAIT_SECONDS = 50;

interface Following {
  readonly command: Command;
  readonly cli: Cli;
  readonly server: Server;
}

type Build = components['schemas']['Build'];
type Deployment = components['schemas']['Deployment'];

const isOver = ({ status }: { readonly status: string }): boolean => !['queued', 'pending', 'running'].includes(status);

/** Shows a build that was asked for. With `wait`, prints its log as it comes, then its end, which gives the exit code. */
export async function followBuild(begun: Build, wait: boolean, { command, cli, server }: Following): Promise<void> {
  const { id } = begun;
  const text = (build: Build) => () => buildText(build, cli);
  if (!wait) {
    show(command, cli, begun, text(begun));
    return cli.terminal.hint(`slipway logs ${id} --follow`);
  }
  const build = await ended(begun, `/api/v1/builds/${id}/log`, { command, cli, server }, () =>
    answer(server, server.api.GET('/api/v1/builds/{id}', { params: { path: { id }, query: { wait: WAIT_SECONDS } } })),
  );
  show(command, cli, build, text(build));
  if (build.status !== 'succeeded') cli.exit(exitCodes.failed);
}

/** The same for a deployment. */
export async function followDeployment(
  begun: Deployment,
  wait: boolean,
  { command, cli, server }: Following,
): Promise<void> {
  const { id } = begun;
  const text = (deployment: Deployment) => () => deploymentText(deployment, cli);
  if (!wait) {
    show(command, cli, begun, text(begun));
    return cli.terminal.hint(`slipway logs ${id} --follow`);
  }
  const deployment = await ended(begun, `/api/v1/deployments/${id}/log`, { command, cli, server }, () =>
    answer(
      server,
      server.api.GET('/api/v1/deployments/{id}', { params: { path: { id }, query: { wait: WAIT_SECONDS } } }),
    ),
  );
  show(command, cli, deployment, text(deployment));
  if (deployment.status !== 'succeeded') cli.exit(exitCodes.failed);
}

/** Its log goes to stderr while it runs: stdout has the result alone. */
async function ended<Work extends { readonly status: string }>(
  begun: Work,
  log: string,
  { command, cli, server }: Following,
  ask: () => Promise<Work>,
): Promise<Work> {
  if (globalsOf(command).json !== true) await printLog(`${log}?follow=true`, server, (text) => cli.terminal.err(text));
  let now = begun;
  while (!isOver(now)) now = await ask();
  return now;
}
