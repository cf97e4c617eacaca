import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { filesBelow, type DiskFile } from './disk-context.js';

const run = promisify(execFile);
const output = async (program: string, ...args: string[]): Promise<string> => (await run(program, args)).stdout.trim();

/** The shared libraries of a program and its loader, as ldd(1) tells them; none for an addon that is for another C library. */
async function librariesOf(program: string): Promise<string[]> {
  const lines = (await output('ldd', program).catch(() => '')).split('\n');
  return lines.flatMap((line) => /(?:=> |^\s*)(\/\S+) \(0x/.exec(line)?.[1] ?? []);
}

const link = (path: string, target: string): string => `ln -s ${target} ${path}`;

/**
 * What an image needs to run Node, npm and git like this machine: the programs with their libraries, and a static busybox for the
 * rest. `addons` are native modules whose libraries are needed too. `links` are shell commands that finish it.
 */
export async function machineFiles(addons: readonly string[]): Promise<{ files: DiskFile[]; links: string[] }> {
  const gitFolder = await output('git', '--exec-path');
  const git = await realpath(await output('sh', '-c', 'command -v git'));
  const npm = dirname(dirname(await realpath(await output('sh', '-c', 'command -v npm'))));
  const remote = join(gitFolder, 'git-remote-http');
  const programs = { 'usr/bin/node': process.execPath, 'usr/bin/git': git, [remote.slice(1)]: remote };
  const linked = [...Object.values(programs), ...addons];
  const libraries = new Set((await Promise.all(linked.map(librariesOf))).flat());
  const own = (from: string): Promise<DiskFile> => realpath(from).then((real) => ({ path: from.slice(1), from: real }));
  return {
    files: [
      { path: 'bin/busybox', from: await realpath('/bin/busybox') },
      ...(await Promise.all(
        Object.entries(programs).map(async ([path, from]) => ({ path, from: await realpath(from) })),
      )),
      ...(await Promise.all([...libraries].map(own))),
      ...(await filesBelow(npm, 'usr/lib/node_modules/npm/')),
    ],
    links: [
      '/bin/busybox --install -s /bin',
      link('/usr/bin/env', '/bin/env'),
      link('/usr/bin/npm', '../lib/node_modules/npm/bin/npm-cli.js'),
      link(join(gitFolder, 'git-remote-https'), 'git-remote-http'),
      'mkdir -p /tmp && chmod 1777 /tmp',
    ],
  };
}
