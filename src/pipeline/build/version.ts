import { grouped } from '../../grouped.js';
import { posix } from 'node:path';
import type { SizedFile } from '../../git/contract.js';
import type { VersionSetting } from '../../model/service.js';
import { usualFiles } from '../../image/version/stated-version.js';

/** Runs `statedVersion` with a deadline. */
export type ReadVersion = (fileName: string, content: Buffer) => Promise<string | null>;

/** The version if no file states one. */
export const unstated = '0.0.0';

/** Maximum bytes of a file that states a version (CONTRACT, section 3). A `pom.xml` may hold a whole build. */
const MAX_FILE_BYTES = 1024 * 1024;
const limits: Readonly<Record<string, number>> = { 'pom.xml': 4 * MAX_FILE_BYTES };

/** Reads a file of the commit by its repository path. The content is included up to `maxBytes` bytes. Null if there is no such file. */
export type ReadFile = (
  repositoryPath: string,
  maxBytes: number,
) => Promise<Pick<SizedFile, 'size' | 'content'> | null>;

export interface VersionSources {
  readonly read: ReadFile;
  readonly stated: ReadVersion;
  /** Called with a sentence for the build's log. */
  readonly remark: (sentence: string) => void;
}

/**
 * The official version of a service at a commit: its setting, else the first of the usual files in `path` that states one, else `0.0.0`.
 * `path` is the service's folder ('' is the root). If the setting names a file, relative to `path`, only that file is read, and `0.0.0` is
 * used if it states no version. A file over its limit states none, and `remark` says so. Fails only as `read` does.
 */
export async function officialVersion(
  setting: VersionSetting,
  path: string,
  { read, stated, remark }: VersionSources,
): Promise<string> {
  if (setting !== null && 'value' in setting) return setting.value;
  for (const file of setting === null ? usualFiles : [setting.file]) {
    const name = posix.basename(file);
    const limit = limits[name] ?? MAX_FILE_BYTES;
    const place = posix.join(path, file);
    const found = await read(place, limit);
    if (found === null) continue;
    const { size, content } = found;
    if (content === null)
      remark(`${place} states no version: it has ${grouped(size)} bytes; the limit is ${grouped(limit)}.`);
    const version = content === null ? null : await stated(name, content);
    if (version !== null) return version;
  }
  return unstated;
}
