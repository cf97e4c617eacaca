import { SlipwayError } from '../../errors.js';
import type { ObservedContainer } from '../../hosts/contract.js';
import { printableLines } from '../../printable.js';
import type { HostWork } from './host-work.js';

/** Lines of a container's log that are quoted. */
const LAST_LINES = 10;
const MAX_QUOTED = 2_000;

/** The error of a container that does not stay up: how it ended, and what it said last. */
export async function crashOf(seen: ObservedContainer, work: HostWork): Promise<SlipwayError> {
  const { host, mask } = work;
  const { lastExit } = seen.state;
  const lines = await lastLines(seen.id, work);
  const how =
    lastExit === null ? 'ended' : lastExit.oom ? 'ran out of memory' : `ended with exit code ${lastExit.code}`;
  const quoted = printableLines(mask(lines.join('\n')).slice(-MAX_QUOTED));
  const said = quoted === '' ? 'It wrote nothing.' : `Its last lines:\n${quoted}`;
  return new SlipwayError('container-crashed', `Host ${host.name}: the container ${how}. ${said}`, {
    extra: { host: host.name, exitCode: lastExit?.code ?? null, outOfMemory: lastExit?.oom ?? false },
  });
}

async function lastLines(id: string, { host, attempt }: HostWork): Promise<readonly string[]> {
  const lines: string[] = [];
  try {
    for await (const { text } of host.events.logs(id, { tail: LAST_LINES, follow: false }, attempt.signal))
      lines.push(text);
  } catch {
    // The way in which it ended says enough.
  }
  return lines;
}
