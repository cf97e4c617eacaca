/** The demo's child processes: started with their output in a file, and ended by number, in this run or a later one. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { findProgram } from '../parts/programs.mjs';

/**
 * Starts a program. With `outlive` it goes on when this process ends; otherwise it ends with it, if the system can do that.
 * `alive` follows the program's exit event, not /proc: while a process becomes another program, /proc has no command line of it.
 */
export function start(command, log, { outlive }) {
  const tied = outlive || findProgram('setpriv') === null ? [] : ['setpriv', '--pdeathsig', 'KILL'];
  const [program, ...args] = [...tied, ...command];
  const file = openSync(log, 'w');
  const child = spawn(program, args, { detached: true, stdio: ['ignore', file, file] });
  child.unref();
  return { pid: child.pid, alive: () => child.exitCode === null && child.signalCode === null };
}

/** The command line of a running process; empty where there is none (or it has ended and nobody has asked how). */
function commandLine(pid) {
  if (existsSync('/proc/self/cmdline')) {
    return existsSync(`/proc/${pid}/cmdline`) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : '';
  }
  return spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '';
}

/** Whether a process runs and is the one that has `mark` in its command line: numbers are given out again. */
export function runs(pid, mark) {
  const line = Number.isInteger(pid) ? commandLine(pid) : '';
  return line !== '' && line.includes(mark);
}

/** Ends a process: asks, and after ten seconds insists. */
export async function end(pid, mark) {
  if (!runs(pid, mark)) return;
  process.kill(pid, 'SIGTERM');
  for (const begin = performance.now(); runs(pid, mark); await pause(20)) {
    if (performance.now() - begin > 10_000) process.kill(pid, 'SIGKILL');
  }
}

/** The last lines of a log, for a message about what went wrong. */
export const lastLines = (log) => readFileSync(log, 'utf8').trim().split('\n').slice(-12).join('\n');

/** Waits until an address answers, be it that there is nothing; fails with the last lines of the log of the program that should answer. */
export async function answering(url, program, log) {
  for (const begin = performance.now(); performance.now() - begin < 30_000; await pause(50)) {
    const response = await fetch(url).catch(() => null);
    if (response !== null && response.status < 500) return;
    if (!program.alive()) break;
  }
  throw new Error(`${url} does not answer. The last lines of ${log}:\n${lastLines(log)}`);
}
