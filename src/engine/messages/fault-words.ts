/**
 * Searches the engine's error messages in linear time. They quote commands and files of a repository, at any length. A regular expression
 * with a wildcard in the middle would start over wherever its beginning matches.
 */

/** Characters kept of each end of a message. The reason of a failure is at one of them. */
const MAX_END_CHARACTERS = 64 * 1024;

/** The message itself, or both its ends if it is longer than 128 KiB. */
export function bounded(message: string): string {
  const left = message.length - 2 * MAX_END_CHARACTERS;
  if (left <= 0) return message;
  return `${message.slice(0, MAX_END_CHARACTERS)}\n[${left} characters left out]\n${message.slice(-MAX_END_CHARACTERS)}`;
}

/** How a failed command begins in a message: of Docker Engine 20.10, and of newer ones. */
const commandStarts = ['executor failed running [', 'process "'] as const;
/** The text between a quoted command and the reason why it could not be run. */
const commandEnds = [']: ', '" did not complete successfully: '] as const;

/** The exit code of a failed command. Null for any other message. */
export function exitCodeIn(message: string): string | null {
  const match = /exit code: (\d{1,10})$/.exec(message);
  if (match === null) return null;
  const before = message.slice(0, match.index);
  return commandStarts.some((start) => before.includes(start)) ? (match[1] ?? null) : null;
}

/** The message without the command that it quotes. */
export function withoutCommand(message: string): string {
  const quotes = commandStarts.flatMap((start, at) => {
    const from = message.indexOf(start);
    const end = commandEnds[at] ?? '';
    const to = message.lastIndexOf(end);
    return from === -1 || to < from + start.length ? [] : [{ from, to: to + end.length }];
  });
  const [first] = quotes.sort((a, b) => a.from - b.from);
  return first === undefined ? message : message.slice(0, first.from) + message.slice(first.to);
}

const mount = '/buildkit-mount';
const lstat = ': lstat ';
const noSuchFile = ': no such file or directory';

/** The file that a COPY or ADD did not find. */
export function missingFileIn(message: string): string | null {
  const quoted = /"([^"]+)"(?:: not found| not found: not found)$/.exec(message)?.[1];
  if (quoted !== undefined) return quoted;
  const from = message.lastIndexOf(lstat);
  if (from === -1 || !message.endsWith(noSuchFile)) return null;
  const path = message.slice(from + lstat.length, -noSuchFile.length);
  const at = path.lastIndexOf(mount);
  if (at === -1 || /\s/.test(path.slice(0, at))) return null;
  return /^\d+(\/[^:]*)$/.exec(path.slice(at + mount.length))?.[1] ?? null;
}

/** The message without the engine's temporary folders, which mean nothing to users. */
export function withoutFolders(message: string): string {
  return message
    .split(/(\s+)/)
    .map((word) => {
      const from = word.indexOf('/');
      for (let at = word.lastIndexOf(mount); at > from; at = word.lastIndexOf(mount, at - 1)) {
        const [folder] = /^\d+\//.exec(word.slice(at + mount.length, at + mount.length + 20)) ?? [];
        if (folder !== undefined) return word.slice(0, from) + word.slice(at + mount.length + folder.length);
      }
      return word;
    })
    .join('');
}

/** True if a line of the message contains the first phrase and, later, the second. */
export function hasLineWith(message: string, first: string, second: string): boolean {
  return message.split(/[\n\r\u2028\u2029]/).some((line) => {
    const at = line.indexOf(first);
    return at !== -1 && line.includes(second, at + first.length);
  });
}
