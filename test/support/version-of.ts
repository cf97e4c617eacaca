import { officialVersion, type OfficialVersion, type ReadFile } from '../../src/image/version/official-version.js';
import type { VersionSetting } from '../../src/model/service.js';
import { inlineReading } from './reading.js';
import { sizedFile } from './sized-file.js';

/** The official version of a service with that setting in that folder, and where it is from. */
export const versionInFull = (setting: VersionSetting, path: string, read: ReadFile): Promise<OfficialVersion> =>
  officialVersion(null, { version: setting, versionPattern: null, path }, { read, stated: inlineReading.version });

export const versionOf = async (setting: VersionSetting, path: string, read: ReadFile): Promise<string> =>
  (await versionInFull(setting, path, read)).value;

/** A commit's files by repository path, and the paths that were asked for. */
export function commitWith(files: Record<string, string | Buffer>) {
  const asked: string[] = [];
  const read: ReadFile = async (path, most) => {
    asked.push(path);
    return Object.hasOwn(files, path) ? sizedFile({ blob: '', content: Buffer.from(files[path] ?? '') }, most) : null;
  };
  return { read, asked };
}

export const pom = (inside: string): string =>
  `<?xml version="1.0"?>\n<project xmlns="http://maven.apache.org/POM/4.0.0">${inside}</project>`;
