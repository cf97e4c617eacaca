import { access } from 'node:fs/promises';
import type { Command } from 'commander';
import { globalsOf, serverFor, show, type Cli } from '../remote/cli.js';
import { exitCodes, usage } from '../remote/exit.js';
import { answer } from '../remote/server.js';
import { glyph, inColour, word } from '../remote/states.js';
import { table, type Cell } from '../remote/table.js';
import type { Check } from './check.js';
import { serverChecks } from './server-checks.js';

/** The configuration that is looked at if none is named and no server is. */
const usualFile = 'slipway.yaml';

/** `slipway doctor`: what a server needs and does not have, each with what to do. */
export function addDoctor(program: Command, cli: Cli): void {
  program
    .command('doctor')
    .description(`what is missing, and what to do; of --config FILE or ${usualFile} here, else of the server`)
    .option('--config <file>', 'look from this machine, with this configuration')
    .action(async ({ config }: { readonly config?: string }, command: Command) => {
      const { server } = globalsOf(command);
      if (config !== undefined && server !== undefined) throw usage('--config and --server exclude each other.');
      const file = config ?? (server === undefined && (await isThere(usualFile)) ? usualFile : null);
      const checks = file === null ? await ofServer(command, cli) : await ofFile(file, command, cli);
      if (checks.some(({ state }) => state === 'fault')) cli.exit(exitCodes.failed);
    });
}

const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

async function ofFile(file: string, command: Command, cli: Cli): Promise<readonly Check[]> {
  const { localChecks } = await import('./local-checks.js');
  const checks = await localChecks(file, cli);
  show(command, cli, { config: file, checks }, () => text(checks, cli));
  if (checks.every(({ state }) => state !== 'fault')) cli.terminal.hint(`slipway serve --config ${file}`);
  return checks;
}

async function ofServer(command: Command, cli: Cli): Promise<readonly Check[]> {
  const server = await serverFor(command, cli);
  const system = await answer(server, server.api.GET('/api/v1/system'));
  const checks = serverChecks(system, cli.now());
  show(command, cli, system, () => text(checks, cli));
  return checks;
}

/** One line for each check, and one below it for what to do. */
function text(checks: readonly Check[], { terminal }: Cli): string {
  const rows = checks.flatMap(({ name, state, message, remedy }): (readonly Cell[])[] => [
    [{ text: `${glyph(state)} ${word(state)}`, paint: inColour(state, terminal.colours) }, name, message ?? ''],
    ...(remedy === null ? [] : [['', '', { text: `→ ${remedy}`, paint: terminal.colours.dim }]]),
  ]);
  return table(['STATE', 'CHECK', 'FOUND'], rows, terminal);
}
