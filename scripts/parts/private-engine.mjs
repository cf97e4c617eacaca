/**
 * A Docker Engine of our own below a folder, for machines where none runs. It lives in its own mount and process namespaces: when its
 * first process ends, the kernel takes its containers and its mounts with it, also after `kill -9`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { engineClient } from './engine-client.mjs';
import { addBridge, makeRoomForGroups, removeBridge, removeGroups } from './private-network.mjs';
import { findProgram } from './programs.mjs';

/** A socket's path may have 107 characters (unix(7)). */
const longestSocketPath = 107;

/** What the engine would otherwise share with one that is installed here: settings, sockets and run folders. */
const coveredFolders = ['/etc/docker', '/run/containerd', '/run/docker', '/run/runc'];

/** Runs inside the namespaces. Control groups are mounted where the machine has none; the engine may have a /usr of its own. */
const launch = `set -e
for folder in ${coveredFolders.join(' ')}; do mount -n -t tmpfs tmpfs "$folder"; done
grep -q ' cgroup2\\{0,1\\} ' /proc/mounts || mount -n -t cgroup2 cgroup2 /sys/fs/cgroup
usr=$1; shift; [ "$usr" = /usr ] || mount -n --bind "$usr" /usr
exec "$@"`;

function dockerdArguments(folder, socket, name, other, more) {
  const args = [
    ...more,
    ...['--host', `unix://${socket}`],
    ...['--data-root', join(folder, 'data')],
    ...['--exec-root', '/run/docker'],
    ...['--pidfile', join(folder, 'dockerd.pid')],
    ...['--bridge', name],
    ...['--cgroup-parent', `/${name}`],
    ...['--exec-opt', 'native.cgroupdriver=cgroupfs'],
    '--iptables=false',
    '--ip-forward=false',
    '--ip-masq=false',
    '--log-level=warn',
  ];
  if (other !== null) return [...args, '--ip6tables=false', `--feature=containerd-snapshotter=${other.containerd}`];
  const options = spawnSync(findProgram('dockerd'), ['--help'], { encoding: 'utf8' }).stdout;
  return options.includes('--ip6tables') ? [...args, '--ip6tables=false'] : args;
}

/** Whether the process that a state file names still is our engine, and not another one that got its number. */
function isOurs(pid, folder) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(join(folder, 'data'));
  } catch {
    return false;
  }
}

/** Whether an engine of another run covers the folder: its mount would go with the folder, though it is in another namespace (mount_namespaces(7)). */
function isCovered(path) {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.some((pid) => {
    try {
      return readFileSync(`/proc/${pid}/mountinfo`, 'utf8').includes(` ${path} `);
    } catch {
      return false;
    }
  });
}

async function ended(pid) {
  while (existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')))
    await pause(20);
}

/** Ends the engine that was started below `dir`, by this process or an earlier one, and removes all that it made. */
export async function removePrivateEngine(dir) {
  const folder = join(dir, 'engine');
  const stateFile = join(folder, 'state.json');
  if (existsSync(stateFile)) {
    const { pid, name, socketFolder, madeFolders } = JSON.parse(readFileSync(stateFile, 'utf8'));
    if (isOurs(pid, folder)) {
      process.kill(pid, 'SIGKILL');
      await ended(pid).catch(() => {});
    }
    removeBridge(name);
    await retried(() => removeGroups(name));
    await retried(() =>
      madeFolders.filter((path) => existsSync(path) && !isCovered(path)).forEach((path) => rmdirSync(path)),
    );
    if (socketFolder !== null) rmSync(socketFolder, { recursive: true, force: true });
  }
  await retried(() => rmSync(folder, { recursive: true, force: true }));
}

/** The kernel takes a moment to let go of a dead engine's mounts and groups. */
async function retried(remove) {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return remove();
    } catch (error) {
      if (attempt === 100) throw error;
      await pause(50);
    }
  }
}

function prepare(dir) {
  const folder = join(dir, 'engine');
  mkdirSync(folder, { recursive: true });
  const usual = join(folder, 'engine.sock');
  const socketFolder = Buffer.byteLength(usual) <= longestSocketPath ? null : mkdtempSync(join(tmpdir(), 'slipway-'));
  const madeFolders = coveredFolders.filter((path) => !existsSync(path));
  madeFolders.forEach((path) => mkdirSync(path, { recursive: true }));
  return {
    folder,
    socket: socketFolder === null ? usual : join(socketFolder, 'engine.sock'),
    state: { pid: 0, name: `slip${randomBytes(4).toString('hex')}`, socketFolder, madeFolders },
  };
}

async function answers(client, child, log) {
  for (const start = performance.now(); performance.now() - start < 60_000; await pause(50)) {
    if ((await client.trouble()) === null) return;
    if (child.exitCode !== null || child.signalCode !== null) break;
  }
  const last = readFileSync(log, 'utf8').trim().split('\n').slice(-12).join('\n');
  throw new Error(`The private Docker Engine did not start. The last it said:\n${last}`);
}

/** Starts the program in its namespaces, and resolves once it answers. The state says its number first. */
async function launchEngine({ folder, socket, state, detached, other = null }) {
  const { more = [] } = state;
  const record = () => writeFileSync(join(folder, 'state.json'), JSON.stringify(state));
  record();
  const log = join(folder, 'engine.log');
  const file = openSync(log, 'a');
  const namespaces = ['unshare', '--mount', '--pid', '--fork', '--kill-child=SIGKILL', '--mount-proc'];
  const program = other === null ? ['/usr', findProgram('dockerd')] : [other.usr, '/usr/sbin/dockerd'];
  const command = ['sh', '-c', launch, 'sh', ...program, ...dockerdArguments(folder, socket, state.name, other, more)];
  const whole = [...(detached ? [] : ['setpriv', '--pdeathsig', 'KILL']), ...namespaces, ...command];
  const child = spawn(whole[0], whole.slice(1), {
    detached: true,
    stdio: ['ignore', file, file],
    env: engineEnvironment(),
  });
  child.on('error', () => {});
  closeSync(file);
  state.pid = child.pid;
  record();
  await answers(engineClient(`unix://${socket}`), child, log);
  child.unref();
}

/**
 * Starts an engine below `dir` and resolves with its DOCKER_HOST once it answers. With `detached` it outlives this process;
 * otherwise it ends with it, whatever ends it. `other` is an engine that is not installed: the `/usr` it runs in, and whether it keeps its
 * images in containerd's store. `more` are further arguments of dockerd.
 */
export async function startPrivateEngine({ dir, detached, other = null, more = [] }) {
  await removePrivateEngine(dir);
  const { folder, socket, state: prepared } = prepare(dir);
  const state = { ...prepared, more };
  writeFileSync(join(folder, 'state.json'), JSON.stringify(state));
  try {
    makeRoomForGroups();
    addBridge(state.name);
    await launchEngine({ folder, socket, state, detached, other });
    return `unix://${socket}`;
  } catch (error) {
    await removePrivateEngine(dir);
    throw error;
  }
}

/** Ends the engine below `dir` and all that runs on it, as a power cut does. `restartPrivateEngine` starts it again with what it had. */
export async function stopPrivateEngine(dir) {
  const folder = join(dir, 'engine');
  const state = JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8'));
  if (!isOurs(state.pid, folder)) return;
  process.kill(state.pid, 'SIGKILL');
  await ended(state.pid).catch(() => {});
}

/** Kills the engine below `dir` in the middle of its work, unless it was stopped, and starts it again with what it had. It ends with this process. */
export async function restartPrivateEngine(dir) {
  await stopPrivateEngine(dir);
  const folder = join(dir, 'engine');
  const state = JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8'));
  // The engine is the first process of its namespace each time, so the number in the file would look like a running one.
  rmSync(join(folder, 'dockerd.pid'), { force: true });
  await launchEngine({ folder, socket: join(state.socketFolder ?? folder, 'engine.sock'), state, detached: false });
}

/** The engine starts programs of its own (containerd, runc), which may be in the sbin folders. */
const engineEnvironment = () => ({ ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin:/usr/bin:/bin` });
