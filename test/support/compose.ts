import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A Compose project as `docker compose config` prints it. */
export interface ComposeProject {
  readonly services: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly volumes?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export type ComposeAnswer = { readonly project: ComposeProject } | { readonly error: string };

/** What real Compose makes of some files, each merged over those before it. Its variables are the given ones alone. */
export async function composeConfig(
  files: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<ComposeAnswer> {
  const program = process.env.TEST_COMPOSE;
  if (program === undefined) throw new Error('TEST_COMPOSE is not set');
  const folder = await mkdtemp(join(tmpdir(), 'slipway-compose-'));
  try {
    const names = files.map((_, at) => `${at}.yaml`);
    await Promise.all(files.map((text, at) => writeFile(join(folder, `${at}.yaml`), text)));
    const args = [...names.flatMap((name) => ['-f', name]), '--project-name', 'p', 'config', '--format', 'json'];
    const env = { PATH: process.env.PATH, HOME: folder, ...variables };
    const { stdout } = await run(program, args, { cwd: folder, env, maxBuffer: 64 * 1024 * 1024 });
    return { project: JSON.parse(stdout) as ComposeProject };
  } catch (error) {
    return { error: (error as { stderr?: string }).stderr ?? String(error) };
  } finally {
    await rm(folder, { recursive: true });
  }
}
