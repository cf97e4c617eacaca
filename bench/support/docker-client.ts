import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Debian's client, which has BuildKit built in; newer ones need a plug-in. */
const program = '/usr/bin/docker';

export interface ClientBuild {
  /** The context. */
  readonly folder: string;
  readonly dockerfile: string;
  /** Full name of the image. */
  readonly name: string;
  /** Use the client's default builder instead of BuildKit. */
  readonly classic?: boolean;
}

/** Docker's own client, logged in to the registry. */
export class DockerClient {
  readonly #env: NodeJS.ProcessEnv;

  constructor(
    dockerHost: string,
    folder: string,
    login: { readonly host: string; readonly username: string; readonly password: string },
  ) {
    mkdirSync(folder, { recursive: true });
    const auth = Buffer.from(`${login.username}:${login.password}`).toString('base64');
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths: { [login.host]: { auth } } }));
    this.#env = { PATH: process.env['PATH'], HOME: folder, DOCKER_CONFIG: folder, DOCKER_HOST: dockerHost };
  }

  async build({ folder, dockerfile, name, classic = false }: ClientBuild): Promise<void> {
    await this.#run(['build', '--quiet', '--tag', name, '--file', join(folder, dockerfile), folder], classic);
  }

  async push(name: string): Promise<void> {
    await this.#run(['push', '--quiet', name]);
  }

  async buildAndPush(build: ClientBuild): Promise<void> {
    await this.build(build);
    await this.push(build.name);
  }

  /** Makes the engine forget every layer that it made and every image but one. */
  async forgetAllBut(kept: string): Promise<void> {
    const { stdout } = await this.#run(['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}']);
    const others = stdout.split('\n').filter((name) => name !== '' && name !== kept && !name.startsWith('<none>'));
    if (others.length > 0) await this.#run(['image', 'rm', '--force', ...others]);
    await this.#run(['image', 'prune', '--force']);
    await this.#run(['builder', 'prune', '--all', '--force']);
  }

  /** Runs a script of docker commands, as an operator would have it. */
  async script(lines: readonly string[]): Promise<void> {
    await run('sh', ['-ec', lines.join('\n')], { env: this.#env, maxBuffer: 16 << 20 });
  }

  async #run(args: readonly string[], classic = false) {
    const env = { ...this.#env, DOCKER_BUILDKIT: classic ? '0' : '1' };
    return run(program, [...args], { env, maxBuffer: 16 << 20 });
  }
}
