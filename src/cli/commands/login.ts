import type { Command } from 'commander';
import { createInterface } from 'node:readline/promises';
import { Ended, exitCodes } from '../remote/exit.js';
import { remember } from '../remote/hosts-file.js';
import { answer, connect, urlOf } from '../remote/server.js';
import type { Cli } from '../remote/cli.js';

/** `slipway login URL`: asks for a token, tries it and remembers it. */
export function addLogin(program: Command, cli: Cli): void {
  program
    .command('login')
    .argument('<url>', 'address of the server')
    .description('remember a server and a token; the token is read from standard input or SLIPWAY_TOKEN')
    .action(async (address: string) => {
      const url = urlOf(address);
      const token = cli.env['SLIPWAY_TOKEN'] ?? (await readToken());
      if (!/^[\x21-\x7e]+$/.test(token)) throw new Ended(exitCodes.usage, 'A token is one word.');
      const server = connect(url, token);
      const { name, scopes } = await answer(server, server.api.GET('/api/v1/me'));
      const file = await remember(url, token, cli.env);
      cli.terminal.say(`Logged in to ${url} as ${name} (${scopes.join(', ')}). The token is in ${file}.`);
      cli.terminal.hint('slipway services');
    });
}

/** One line. What is typed at a terminal is not shown. */
async function readToken(): Promise<string> {
  const { stdin, stderr } = process;
  if (stdin.isTTY) {
    stderr.write('Token: ');
    stdin.setRawMode(true);
  }
  try {
    return stdin.isTTY ? await typed() : await firstLine();
  } finally {
    if (stdin.isTTY) {
      stdin.setRawMode(false);
      stderr.write('\n');
    }
    stdin.unref();
  }
}

async function firstLine(): Promise<string> {
  const lines = createInterface({ input: process.stdin });
  for await (const line of lines) {
    lines.close();
    return line.trim();
  }
  return '';
}

const enter = /[\r\n\u0004]/;
const interrupt = '\u0003';
const backspace = /[\b\u007f]/;

async function typed(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8') as AsyncIterable<string>) {
    for (const character of chunk) {
      if (enter.test(character)) return text.trim();
      if (character === interrupt) throw new Ended(exitCodes.usage, 'No token was given.');
      text = backspace.test(character) ? text.slice(0, -1) : text + character;
    }
  }
  return text.trim();
}
