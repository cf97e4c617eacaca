/**
 * What a private engine needs of the machine: a bridge of its own and control groups. The engine is started without firewall rules
 * and away from `docker0`, so that removing the bridge and the groups leaves the machine as it was.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from './programs.mjs';

const groups = '/sys/fs/cgroup';

const busybox = (...args) => execFileSync(findProgram('busybox'), args, { stdio: ['ignore', 'ignore', 'pipe'] });

/**
 * One of a hundred private /24 networks that no route of this machine touches; /proc/net/route has addresses in host byte order. Each process
 * begins its search elsewhere, so that two at once do not take the same one.
 */
function freeNetwork() {
  const routes = readFileSync('/proc/net/route', 'utf8')
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'));
  const used = routes
    .filter((fields) => fields.length > 7 && fields[1] !== '00000000')
    .map((fields) => ({
      network: Number.parseInt(fields[1], 16),
      mask: Number.parseInt(fields[7], 16),
    }));
  for (let tried = 0; tried < 100; tried += 1) {
    const third = 100 + ((process.pid * 37 + tried) % 100);
    // 10.213.<third>.1, little endian
    const address = ((1 << 24) | (third << 16) | (213 << 8) | 10) >>> 0;
    if (used.every(({ network, mask }) => (address & mask) >>> 0 !== network)) return `10.213.${third}.1/24`;
  }
  throw new Error('No free private network found for the containers (tried 10.213.100.0/24 to 10.213.199.0/24).');
}

/** Makes a bridge; the name has at most 15 characters (IFNAMSIZ). */
export function addBridge(name) {
  const network = freeNetwork();
  busybox('ip', 'link', 'add', 'name', name, 'type', 'bridge');
  busybox('ip', 'addr', 'add', network, 'dev', name);
  busybox('ip', 'link', 'set', name, 'up');
}

export function removeBridge(name) {
  if (existsSync(join('/sys/class/net', name))) busybox('ip', 'link', 'del', name);
}

/**
 * In a container with control groups v2, a group that holds processes cannot have controlled groups below it: its processes
 * move to a group of their own (kernel documentation, cgroup-v2, "no internal process constraint"). The true root is exempt; it
 * is the one without a `cgroup.type`.
 */
export function makeRoomForGroups() {
  const file = (...parts) => join(groups, ...parts);
  if (!existsSync(file('cgroup.controllers')) || !existsSync(file('cgroup.type'))) return;
  mkdirSync(file('init'), { recursive: true });
  for (const pid of readFileSync(file('cgroup.procs'), 'utf8').split('\n').filter(Boolean)) {
    try {
      writeFileSync(file('init', 'cgroup.procs'), pid);
    } catch {
      // The process has ended.
    }
  }
  const controllers = readFileSync(file('cgroup.controllers'), 'utf8').trim().split(' ');
  writeFileSync(file('cgroup.subtree_control'), controllers.map((name) => `+${name}`).join(' '));
}

function removeTree(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) removeTree(path);
  }
  rmdirSync(folder);
}

/** Removes the empty control groups called `name`, of every hierarchy. */
export function removeGroups(name) {
  if (!existsSync(groups)) return;
  const places = [groups, ...readdirSync(groups).map((entry) => join(groups, entry))];
  for (const place of places.map((entry) => join(entry, name)).filter((path) => existsSync(path))) removeTree(place);
}
