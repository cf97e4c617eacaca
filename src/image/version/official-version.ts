import { posix } from 'node:path';
import type { SizedFile } from '../../git/contract.js';
import { grouped } from '../../grouped.js';
import type { Pattern } from '../../model/pattern.js';
import type { Service } from '../../model/service.js';
import { usualFiles } from './stated-version.js';

/** Runs `statedVersion` with a deadline. */
export type ReadVersion = (fileName: string, content: Buffer) => Promise<string | null>;

/** The version if nothing states one. */
export const unstated = '0.0.0';

/** Maximum bytes of a file that states a version. A `pom.xml` may hold a whole build. */
const MAX_FILE_BYTES = 1024 * 1024;
const limits: Readonly<Record<string, number>> = { 'pom.xml': 4 * MAX_FILE_BYTES };

/** What looks like a version. */
const usualForm = /^[vV]?[0-9][0-9A-Za-z.+_-]*$/;

/** No real version is longer. */
const MAX_CHARACTERS = 255;

/** A text that is no version is shown up to this length. */
const MAX_SHOWN_CHARACTERS = 80;

/** Reads a file of the commit by its repository path. The content is included up to `maxBytes` bytes. Null if there is no such file. */
export type ReadFile = (
  repositoryPath: string,
  maxBytes: number,
) => Promise<Pick<SizedFile, 'size' | 'content'> | null>;

export interface VersionSources {
  readonly read: ReadFile;
  readonly stated: ReadVersion;
}

export interface OfficialVersion {
  readonly value: string;
  /** `the call`, `version.value` or the file's repository path. Null if nothing states one. */
  readonly from: string | null;
  /** Sentences about sources that should have stated a version. */
  readonly warnings: readonly string[];
}

type Setting = Pick<Service, 'version' | 'versionPattern' | 'path'>;

/**
 * The official version of a service at a commit: what the call says (`asked`), else its setting, else the first of the usual files in its
 * folder that states one, else `0.0.0`. If the setting names a file, only that file is read. What does not look like a version, and a file
 * over its limit, states none. Fails only as `read` does.
 */
export async function officialVersion(
  asked: string | null,
  { version: setting, versionPattern, path }: Setting,
  sources: VersionSources,
): Promise<OfficialVersion> {
  const warnings: string[] = [];
  const looksRight = (text: string, place: string): boolean => {
    if (isVersion(text, versionPattern)) return true;
    const form = versionPattern === null ? 'does not look like a version' : 'does not match version.pattern';
    warnings.push(`${place} states ${shown(text)}, which ${form}.`);
    return false;
  };
  if (asked !== null && looksRight(asked, 'The call')) return { value: asked, from: 'the call', warnings };
  if (setting !== null && 'value' in setting) {
    const isRight = looksRight(setting.value, 'version.value');
    return isRight ? { value: setting.value, from: 'version.value', warnings } : { ...nothing, warnings };
  }
  for (const file of setting === null ? usualFiles : [setting.file]) {
    const place = posix.join(path, file);
    const { text, fault } = await textOf(place, sources);
    if (text !== null && looksRight(text, place)) return { value: text, from: place, warnings };
    if (fault?.isAlways || (fault && setting !== null)) warnings.push(fault.sentence);
  }
  return { ...nothing, warnings };
}

const nothing = { value: unstated, from: null } as const;

interface Text {
  readonly text: string | null;
  /** Why there is no text. `isAlways`: worth a warning even if nobody named the file. */
  readonly fault: { readonly sentence: string; readonly isAlways: boolean } | null;
}

async function textOf(place: string, { read, stated }: VersionSources): Promise<Text> {
  const found = await read(place, limitOf(place));
  const without = (sentence: string, isAlways = false): Text => ({ text: null, fault: { sentence, isAlways } });
  if (found === null) return without(`version.file names ${place}, which is not in the commit.`);
  if (found.content === null) return without(tooLarge(place, found.size), true);
  const text = await stated(posix.basename(place), found.content);
  return text === null ? without(`version.file names ${place}, which states no version.`) : { text, fault: null };
}

function isVersion(text: string, pattern: Pattern | null): boolean {
  if (text.length > MAX_CHARACTERS) return false;
  return pattern === null ? usualForm.test(text) : pattern.matches(text);
}

const limitOf = (place: string): number => limits[posix.basename(place)] ?? MAX_FILE_BYTES;

function tooLarge(place: string, size: number): string {
  return `${place} states no version: it has ${grouped(size)} bytes; the limit is ${grouped(limitOf(place))}.`;
}

function shown(text: string): string {
  return JSON.stringify(text.length > MAX_SHOWN_CHARACTERS ? `${text.slice(0, MAX_SHOWN_CHARACTERS)}…` : text);
}
