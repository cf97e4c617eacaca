import type { Command } from 'commander';
import { spawn } from 'node:child_process';
import { serverFor, type Cli } from '../remote/cli.js';

const places = ['services', 'builds', 'deliveries', 'graph', 'environments', 'system'];

/** `slipway open [WHAT]`: a page in the browser. Where there is no screen, its address is printed. */
export function addOpen(program: Command, cli: Cli): void {
  program
    .command('open')
    .argument('[what]', `a service, or ${places.join(', ')}`)
    .description('open a page in the browser, or print its address')
    .action(async (what: string | undefined, _: object, command: Command) => {
      const { url } = await serverFor(command, cli);
      const page = `${url}${pathOf(what)}`;
      if (cli.terminal.isTerminal && hasScreen(cli.env)) launch(page);
      cli.terminal.out(`${page}\n`);
    });
}

function pathOf(what: string | undefined): string {
  if (what === undefined || what === 'services') return '/';
  return places.includes(what) ? `/${what}` : `/services/${encodeURIComponent(what)}`;
}

const hasScreen = ({ DISPLAY, WAYLAND_DISPLAY }: Cli['env']): boolean =>
  process.platform === 'darwin' || Boolean(DISPLAY) || Boolean(WAYLAND_DISPLAY);

function launch(page: string): void {
  const program = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const child = spawn(program, [page], { detached: true, stdio: 'ignore' });
  // Without such a program the address that is printed has to do.
  child.on('error', () => undefined);
  child.unref();
}
