import { createIgnore } from '../../src/patterns/dockerignore.js';
import { askedVersion } from './docker-client.js';

/**
 * Whether the client that the tests run against (20.10, or one that was asked for) and the current one agree about these paths. For clients before 23 the last line that
 * matches a path or a folder above it decides. Now a line that changed nothing at a folder has to match below it by itself.
 */
export function isSameForClient(lines: readonly string[], paths: readonly string[]): boolean {
  if (askedVersion >= 23) return true;
  const current = createIgnore(lines.join('\n'));
  const rules = lines.map((line) => {
    const exception = line.trim().startsWith('!');
    return { exception, matches: createIgnore(exception ? line.trim().slice(1) : line) };
  });
  return paths.every((path) => {
    const last = rules.findLast(({ matches }) => matches(path));
    return current(path) === (last !== undefined && !last.exception);
  });
}
