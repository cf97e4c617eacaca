import type { Command } from 'commander';
import { serverFor, show, type Cli } from '../remote/cli.js';
import { followBuild, followDeployment } from './follow.js';
import { answer } from '../remote/server.js';
import { isDeployment } from '../remote/work-kind.js';
import { buildText } from './build-text.js';
import { deploymentText } from './deployment-text.js';

/** `slipway cancel ID` and `retry ID`, of a build or a deployment. */
export function addCancel(program: Command, cli: Cli): void {
  program
    .command('cancel')
    .argument('<id>', 'a build or a deployment')
    .description('cancel what waits or runs')
    .action(async (id: string, _: object, command: Command) => {
      const server = await serverFor(command, cli);
      const params = { params: { path: { id } } };
      if (isDeployment(id)) {
        const deployment = await answer(server, server.api.POST('/api/v1/deployments/{id}/cancel', params));
        return show(command, cli, deployment, () => deploymentText(deployment, cli));
      }
      const build = await answer(server, server.api.POST('/api/v1/builds/{id}/cancel', params));
      show(command, cli, build, () => buildText(build, cli));
    });
  program
    .command('retry')
    .argument('<id>', 'a build or a deployment')
    .description('do the same again')
    .option('-w, --wait', 'print its log as it comes, and end as it ends')
    .action(async (id: string, { wait = false }: { wait?: boolean }, command: Command) => {
      const server = await serverFor(command, cli);
      const params = { params: { path: { id } } };
      if (isDeployment(id)) {
        const deployment = await answer(server, server.api.POST('/api/v1/deployments/{id}/retry', params));
        return followDeployment(deployment, wait, { command, cli, server });
      }
      const build = await answer(server, server.api.POST('/api/v1/builds/{id}/retry', params));
      await followBuild(build, wait, { command, cli, server });
    });
}
