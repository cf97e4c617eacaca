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
export const followBuild = (begun: Build, wait: boolean, following: Following): Promise<void> =>
  follow(begun, wait, following, {
    path: `/api/v1/builds/${begun.id}`,
    text: (build) => buildText(build, following.cli),
    ask: ({ api }) => api.GET('/api/v1/builds/{id}', untilOver(begun.id)),
  });

/** The same for a deployment. */
export const followDeployment = (begun: Deployment, wait: boolean, following: Following): Promise<void> =>
  follow(begun, wait, following, {
    path: `/api/v1/deployments/${begun.id}`,
    text: (deployment) => deploymentText(deployment, following.cli),
    ask: ({ api }) => api.GET('/api/v1/deployments/{id}', untilOver(begun.id)),
  });

const untilOver = (id: string) => ({ params: { path: { id }, query: { wait: WAIT_SECONDS } } });

/** How a kind of work is asked for and shown. */
interface Kind<Work> {
  readonly path: string;
  readonly text: (work: Work) => string;
  readonly ask: (
    server: Server,
  ) => Promise<{ readonly data?: Work; readonly error?: unknown; readonly response: Response }>;
}

/** The log goes to stderr while the work runs: stdout has the result alone. */
async function follow<Work extends { readonly id: string; readonly status: string }>(
  begun: Work,
  wait: boolean,
  { command, cli, server }: Following,
  { path, text, ask }: Kind<Work>,
): Promise<void> {
  if (!wait) {
    show(command, cli, begun, () => text(begun));
    return cli.terminal.hint(`slipway logs ${begun.id} --follow`);
  }
  if (globalsOf(command).json !== true) await printLog(`${path}/log?follow=true`, server, cli.terminal.err);
  let now = begun;
  while (!isOver(now)) now = await answer(server, ask(server));
  show(command, cli, now, () => text(now));
  if (now.status !== 'succeeded') cli.exit(exitCodes.failed);
}
