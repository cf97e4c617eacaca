import { posix } from 'node:path';
import type { VersionSetting } from '../../model.js';
import { usualFiles } from './stated-version.js';

/** Runs `statedVersion` where a deadline can end it. */
export type ReadVersion = (fileName: string, content: Buffer) => Promise<string | null>;

/** The version of what states none. */
export const unstated = '0.0.0';

/**
 * The official version of a service at a commit: its setting, else the first of the usual files under `path` that states one, else
 * `0.0.0`. `path` is the service's folder ('' is the root); `read` gives a file of the commit by its repository path, null where there
 * is none. A file that the setting names is relative to `path` and is the only one asked: where it states none the version is `0.0.0`,
 * not that of a file that nobody named. Fails only as `read` does.
 */
export async function officialVersion(
  setting: VersionSetting,
  path: string,
  read: (repositoryPath: string) => Promise<Buffer | null>,
  stated: ReadVersion,
): Promise<string> {
  if (setting !== null && 'value' in setting) return setting.value;
  for (const file of setting === null ? usualFiles : [setting.file]) {
    const content = await read(posix.join(path, file));
    const version = content === null ? null : await stated(posix.basename(file), content);
    if (version !== null) return version;
  }
  return unstated;
}
