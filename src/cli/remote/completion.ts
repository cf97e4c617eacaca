import tab from '@bomb.sh/tab/commander';
import type { Command } from 'commander';
import { serverOf, type Server } from './server.js';

/** Nobody waits longer for a name. */
const PATIENCE_MS = 1_000;

/** Names that an argument may have, by the name of the argument. */
export type Names = Readonly<Record<string, readonly string[]>>;

/** `slipway complete bash|zsh|fish|powershell` prints the script of a shell, which then asks `slipway complete -- WORDS`. */
export function addCompletion(program: Command, names: Names): void {
  const root = tab(program);
  for (const command of program.commands) {
    for (const argument of command.registeredArguments) {
      const place = root.commands.get(command.name())?.arguments.get(argument.name());
      const list = names[argument.name()];
      if (place !== undefined && list !== undefined)
        place.handler = (complete) => list.forEach((name) => complete(name, ''));
    }
  }
}

/** Whether a shell asks what may follow. */
export const isCompletion = (words: readonly string[]): boolean => words[0] === 'complete' && words[1] === '--';

/** Names of the server. None if it does not answer in time, or at all: a key press must not print a fault. */
export async function namesOf(env: Readonly<Record<string, string | undefined>>): Promise<Names> {
  let timer;
  const late = new Promise<Names>((resolve) => {
    timer = setTimeout(() => resolve({}), PATIENCE_MS);
  });
  const found = serverOf(undefined, env)
    .then(ask)
    .catch((): Names => ({}));
  try {
    return await Promise.race([found, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function ask({ api }: Server): Promise<Names> {
  const [overview, matrix] = await Promise.all([api.GET('/api/v1/overview'), api.GET('/api/v1/environments')]);
  const services = (overview.data?.services ?? []).map(({ name }) => name);
  const environment = (matrix.data?.environments ?? []).map(({ name }) => name);
  return { service: services, 'id-or-service': services, environment };
}
