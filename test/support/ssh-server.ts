import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../../scripts/parts.mjs';

const run = promisify(execFile);

export interface SshServer {
  readonly port: number;
  /** Where its files are. */
  readonly folder: string;
  /** A configuration for ssh that signs in here and knows the server. */
  readonly config: string;
  /** Another one that does not know the server. */
  readonly strangerConfig: string;
  /** Another one whose key the server does not know. */
  readonly keylessConfig: string;
  /** Before a command: runs it as a user whose own settings of ssh are `config`. No other process sees them. */
  readonly asClient: readonly string[];
  close(): Promise<void>;
}

/**
 * The server's program needs a user and a folder of its own. Both exist for it alone, in a mount namespace, so the machine stays as it is.
 */
const launch = `set -e
for name in passwd shadow; do mount -n --bind "$1/$name" "/etc/$name"; done
mount -n -t tmpfs tmpfs /run
mkdir -m 755 /run/sshd
shift
exec "$@"`;

/** ssh takes a user's folder from the list of users, and not from `HOME`. */
const asUser = 'mount -n --bind "$1" /etc/passwd; shift; exec "$@"';

/** Starts OpenSSH's server on a loopback port. It lets root in with a key that is made here. */
export async function startSshServer(): Promise<SshServer> {
  const tree = process.env['TEST_OPENSSH'];
  if (tree === undefined) throw new Error('TEST_OPENSSH names no server; run the tests of the project `hosts`.');
  const folder = await mkdtemp(join(tmpdir(), 'slipway-sshd-'));
  const file = (name: string) => join(folder, name);
  for (const name of ['host', 'user', 'other'])
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file(name)]);
  const port = await freePort();
  await writeFile(file('authorized'), await readFile(file('user.pub')));
  await writeFile(file('passwd'), 'root:x:0:0:root:/root:/bin/sh\nsshd:x:65533:65534::/run/sshd:/usr/sbin/nologin\n');
  await writeFile(file('shadow'), 'root:*:19000:0:99999:7:::\nsshd:*:19000:0:99999:7:::\n', { mode: 0o640 });
  await writeFile(file('sshd.conf'), serverConfig(folder, port));
  await writeFile(file('known'), `[127.0.0.1]:${port} ${(await readFile(file('host.pub'), 'utf8')).trim()}\n`);
  await writeFile(file('empty'), '');
  await writeFile(file('users'), `root:x:0:0:root:${folder}:/bin/sh\n`);
  await mkdir(file('.ssh'), { mode: 0o700 });
  const client = async (name: string, key: string, known: string): Promise<string> => {
    const lines = ['Host *', `IdentityFile ${file(key)}`, 'IdentitiesOnly yes', `UserKnownHostsFile ${file(known)}`];
    await writeFile(file(name), `${[...lines, 'GlobalKnownHostsFile /dev/null'].join('\n')}\n`);
    return file(name);
  };
  const child = spawnServer(tree, folder);
  await listening(port, child);
  return {
    port,
    folder,
    config: await client('.ssh/config', 'user', 'known'),
    strangerConfig: await client('stranger.conf', 'user', 'empty'),
    keylessConfig: await client('keyless.conf', 'other', 'known'),
    asClient: ['unshare', '--mount', 'sh', '-c', asUser, 'sh', file('users')],
    async close() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const serverConfig = (folder: string, port: number): string =>
  [
    'ListenAddress 127.0.0.1',
    `Port ${port}`,
    `HostKey ${join(folder, 'host')}`,
    `AuthorizedKeysFile ${join(folder, 'authorized')}`,
    `PidFile ${join(folder, 'pid')}`,
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'PermitRootLogin yes',
    'AllowStreamLocalForwarding yes',
    '',
  ].join('\n');

function spawnServer(tree: string, folder: string): ChildProcess {
  const namespaces = ['unshare', '--mount', '--pid', '--fork', '--kill-child=SIGKILL', '--mount-proc'];
  const server = [join(tree, 'usr/sbin/sshd'), '-D', '-e', '-f', join(folder, 'sshd.conf')];
  const whole = ['setpriv', '--pdeathsig', 'KILL', ...namespaces, 'sh', '-c', launch, 'sh', folder, ...server];
  const library = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  const libraries = [join(tree, 'usr/lib', library), join(tree, 'lib', library)].join(':');
  return spawn(whole[0] ?? '', whole.slice(1), {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, LD_LIBRARY_PATH: libraries },
  });
}

async function listening(port: number, child: ChildProcess): Promise<void> {
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  for (let left = 300; left > 0; left -= 1) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return;
    } catch {
      if (child.exitCode !== null) break;
      await setTimeout(20);
    } finally {
      socket.destroy();
    }
  }
  throw new Error(`sshd did not start:\n${said}`);
}
