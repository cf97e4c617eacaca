import { Option, type Command } from 'commander';
import { serverFor, show, type Cli } from '../remote/cli.js';
import { exitCodes, usage } from '../remote/exit.js';
import { followDeployment } from './follow.js';
import { answer } from '../remote/server.js';
import { planText, type DeploymentPlan } from './deployment-plan.js';
import type { Deployment } from './deployment-text.js';

interface DeployOptions {
  readonly branch?: string;
  readonly version?: string;
  readonly commit?: string;
  readonly release?: string;
  readonly from?: string;
  readonly reference?: string;
  readonly reason?: string;
  readonly force?: true;
  readonly dryRun?: true;
  readonly wait?: true;
}

const what = ['branch', 'version', 'commit', 'release', 'from'] as const;

/** `slipway deploy SERVICE ENVIRONMENT` and `rollback`. */
export function addDeploy(program: Command, cli: Cli): void {
  program
    .command('deploy')
    .argument('<service>')
    .argument('<environment>')
    .description('bring a release to an environment')
    .option('-b, --branch <branch>', 'the newest release of a branch')
    .option('--version <version>', 'the release of a version or git tag')
    .option('-c, --commit <commit>', 'the newest release of a commit')
    .option('--release <number>', 'one release')
    .option('--from <environment>', 'what another environment has')
    .option('--reference <ticket>', 'recorded with the deployment')
    .option('--reason <text>', 'recorded with the deployment')
    .option('--force', 'also what is blocked')
    .addOption(new Option('--dry-run', 'say what would happen').conflicts('wait'))
    .option('-w, --wait', 'print its log as it comes, and end as it ends')
    .action(async (service: string, environment: string, options: DeployOptions, command: Command) => {
      const named = what.filter((name) => options[name] !== undefined);
      if (named.length !== 1) throw usage('Name one of --branch, --version, --commit, --release and --from.');
      const { branch = null, version = null, commit = null, from = null, reference = null, reason = null } = options;
      const release = options.release === undefined ? null : numberOf(options.release);
      const body = { service, environment, branch, version, commit, release, from, reference, reason };
      const server = await serverFor(command, cli);
      const asked = { ...body, force: options.force === true, dryRun: options.dryRun === true };
      const found = await answer(server, server.api.POST('/api/v1/deployments', { body: asked }));
      if (!isPlan(found)) return followDeployment(found, options.wait === true, { command, cli, server });
      showPlan(found, command, cli);
      const flags = named.map((name) => `--${name} ${options[name]}`).join(' ');
      if (found.faults.length === 0) cli.terminal.hint(`slipway deploy ${service} ${environment} ${flags} --wait`);
    });
  program
    .command('rollback')
    .argument('<service>')
    .argument('<environment>')
    .description('go back to what ran before, or to an older release')
    .option('--release <number>', 'default: the newest verified one before')
    .option('--use-kept', 'start the containers that were kept, as they are')
    .addOption(new Option('--dry-run', 'say what would happen').conflicts('wait'))
    .option('-w, --wait', 'print its log as it comes, and end as it ends')
    .action(async (service: string, environment: string, options: RollbackOptions, command: Command) => {
      const server = await serverFor(command, cli);
      const body = {
        release: options.release === undefined ? null : numberOf(options.release),
        useKept: options.useKept === true,
        dryRun: options.dryRun === true,
      };
      const found = await answer(
        server,
        server.api.POST('/api/v1/environments/{environment}/services/{service}/rollback', {
          params: { path: { environment, service } },
          body,
        }),
      );
      if (!isPlan(found)) return followDeployment(found, options.wait === true, { command, cli, server });
      showPlan(found, command, cli);
      if (found.faults.length === 0) cli.terminal.hint(`slipway rollback ${service} ${environment} --wait`);
    });
}

interface RollbackOptions {
  readonly release?: string;
  readonly useKept?: true;
  readonly dryRun?: true;
  readonly wait?: true;
}

/** A plan with faults could not be carried out: exit code 1. */
function showPlan(plan: DeploymentPlan, command: Command, cli: Cli): void {
  show(command, cli, plan, () => planText(plan, cli));
  if (plan.faults.length > 0) cli.exit(exitCodes.failed);
}

const isPlan = (found: DeploymentPlan | Deployment): found is DeploymentPlan => 'gates' in found;

function numberOf(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw usage('--release is a number from 1 on.');
  return Number(text);
}
