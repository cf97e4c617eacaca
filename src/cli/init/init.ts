import type { Command } from 'commander';
import type { Cli } from '../remote/cli.js';
import type { InitOptions } from './options.js';

/** `slipway init [FOLDER...]`: writes a configuration for the services of checked-out repositories. */
export function addInit(program: Command, cli: Cli): void {
  program
    .command('init')
    .argument('[folder...]', 'checked-out git repositories; default: the current folder')
    .description('write a configuration for the services of checked-out repositories')
    .option('-o, --output <file>', 'where to; - prints it', 'slipway.yaml')
    .option('-r, --repository <owner/name>', 'if the remote origin does not tell')
    .option('--registry <host>', 'host[:port] of the registry')
    .option('--public-url <url>', 'where people and GitHub reach the server')
    .option('-y, --yes', 'ask nothing')
    .option('--json', 'print what was found as JSON')
    .action(async (folders: string[], options: InitOptions) => {
      const { runInit } = await import('./run-init.js');
      await runInit(folders, options, cli);
    });
}
