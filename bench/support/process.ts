import { readFileSync } from 'node:fs';

/** The most memory that a process ever had, in MiB (VmHWM of proc(5)). */
export function peakMemory(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? NaN) / 1024);
}

/** Ticks of the clock that proc(5) counts in, a second; fixed for programs on Linux. */
const ticks = 100;

/** Milliseconds of processor time that a process and the children that it has waited for have had. */
export function processorTime(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in parentheses may hold anything; the fields after it are numbered from 3.
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = fields.slice(14 - 3, 18 - 3);
  return ((user + system + childrenUser + childrenSystem) * 1000) / ticks;
}
