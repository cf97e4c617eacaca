import { Command, CommanderError, type OutputConfiguration } from 'commander';
import type { Clock } from '../clock.js';
import { version } from '../version.js';
import { addAsked } from './commands/asked.js';
import { addBuilds, addRebuild } from './commands/builds.js';
import { addCancel } from './commands/cancel.js';
import { addDeliveries } from './commands/deliveries.js';
import { addDeploy } from './commands/deploy.js';
import { addEnvironments } from './commands/environments.js';
import { addLogin } from './commands/login.js';
import { addLogs } from './commands/logs.js';
import { addOpen } from './commands/open.js';
import { addServices } from './commands/services.js';
import { addWhere } from './commands/where.js';
import { addWhy } from './commands/why.js';
import { addDoctor } from './doctor/doctor.js';
import { addInit } from './init/init.js';
import { usageText } from './local-usage.js';
import type { Cli } from './remote/cli.js';
import { addCompletion, isCompletion, namesOf, type Names } from './remote/completion.js';
import { Ended, exitCodes } from './remote/exit.js';
import { createTerminal, type Streams } from './remote/terminal.js';

const helpAfter = `
On the machine of a server, with its configuration:
${usageText}
The server is that of --server, SLIPWAY_URL or the last login; the token that of SLIPWAY_TOKEN or that login.
Exit codes: 0 ok, 1 failed, 2 usage, 3 not allowed, 4 not reachable.
`;

/** The commands that ask a server. */
function createProgram(cli: Cli, names: Names, output: OutputConfiguration): Command {
  const program = new Command('slipway')
    .description('Builds and deploys images, and says why.')
    .version(version, '--version')
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .addHelpText('after', helpAfter)
    .exitOverride()
    .configureOutput(output);
  const adders = [addServices, addWhy, addBuilds, addLogs, addRebuild, addCancel, addDeliveries];
  for (const add of [...adders, addEnvironments, addWhere, addDeploy, addAsked, addOpen, addLogin, addInit, addDoctor])
    add(program, cli);
  for (const command of program.commands) {
    if (command.name() !== 'init') command.option('--server <url>', 'address of the server');
    if (!withoutData.includes(command.name())) command.option('--json', 'as the API answers');
  }
  addCompletion(program, names);
  return program;
}

/** Commands without `--json`, or with one of their own. */
const withoutData = ['init', 'login', 'logs', 'open', 'compose'];

/** Runs a command line. Resolves with its exit code; writes to the streams alone. */
export async function runProgram(
  words: readonly string[],
  streams: Streams,
  clock: Pick<Clock, 'now'>,
): Promise<number> {
  const terminal = createTerminal(streams);
  let code: number = exitCodes.ok;
  const cli: Cli = { terminal, env: streams.env, now: () => clock.now(), exit: (next) => (code = next) };
  const names = isCompletion(words) ? await namesOf(streams.env) : {};
  const program = createProgram(cli, names, { writeOut: terminal.out, writeErr: terminal.err });
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    if (!(error instanceof Ended)) throw error;
    terminal.say(`slipway: ${error.message}`);
    if (error.hint !== null) terminal.hint(error.hint);
    return error.exitCode;
  }
  return code;
}
