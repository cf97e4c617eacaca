import { createHash } from 'node:crypto';
import { SlipwayError } from '../errors.js';
import { memoBy } from '../memo.js';
import { Secret } from '../secret.js';
import type { Pattern, Regions } from '../model/pattern.js';
import type { ReuseSetting, Service, VersionSetting } from '../model/service.js';
import {
  compileBranchPattern,
  compilePathPattern,
  compileRegularExpression,
  folderPattern,
  isLiteralBranch,
  isPatternFault,
} from '../patterns/pattern.js';
import { repositoryPath } from './repository-path.js';
import type { WrittenService } from './service-schema.js';
import { parseDuration } from './units.js';
import { builtInDefaults } from './defaults.js';

/** Compiled patterns by their text. Services that share `defaults` share them, and their match results. */
export type KnownPatterns = Map<string, Pattern>;

/** Applies every default to what shapes and builds a service's image. Fails with `invalid-configuration` if `written` has faults. */
export function normaliseService(
  name: string,
  written: WrittenService,
  defaults: WrittenService,
  known: KnownPatterns,
): Omit<Service, 'deploy'> {
  const given = { ...defaults, ...written, buildArgs: { ...defaults.buildArgs, ...written.buildArgs } };
  const secrets = Object.entries({ ...defaults.secrets, ...written.secrets });
  const path = repositoryPath(given.path ?? builtInDefaults.service.path) ?? refuse(name, 'path');
  const branches = given.branches ?? builtInDefaults.service.branches;
  const shaping = {
    path,
    context: given.context === undefined ? path : (repositoryPath(given.context) ?? refuse(name, 'context')),
    dockerfile: fileOf(given.dockerfile),
    target: given.target ?? null,
    buildArgs: Object.fromEntries(Object.entries(given.buildArgs).map(([arg, value]) => [arg, String(value)])),
    version: versionOf(given.version),
    artifact: fileOf(given.artifact),
    image: given.image ?? name,
  };
  const versionPattern = versionPatternOf(given.version);
  // The text alone, and only if there is one: without it the fingerprint is unchanged.
  const versionShape = versionPattern && { versionPattern: versionPattern.text };
  // Only the ids, not the values: a new token is no reason to build. Without secrets the fingerprint is unchanged.
  const secretIds = secrets.length > 0 ? { secrets: secrets.map(([id]) => id).sort() } : {};
  return {
    name,
    repository: given.repository ?? refuse(name, 'repository'),
    branches: branches.map((text) => compiled(text, compileBranchPattern)),
    literalBranches: [...new Set(branches.filter(isLiteralBranch))],
    gitTags: (given.gitTags ?? []).map((text) => compiled(text, compileBranchPattern)),
    regions: regionsOf(given, path, known),
    autoRegions: given.includedRegions === 'auto',
    regionSettings: regionSettingsOf(name, written, defaults),
    ...shaping,
    versionPattern,
    secrets: Object.fromEntries(secrets.map(([id, value]) => [id, new Secret(value)])),
    trigger: given.trigger ?? builtInDefaults.service.trigger,
    builds: given.builds ?? builtInDefaults.service.builds,
    reuse: reuseOf(given.reuse),
    ...tagsOf(given),
    cascade: given.cascade ?? builtInDefaults.service.cascade,
    settingsFingerprint: createHash('sha256')
      .update(sortedJson({ ...shaping, ...versionShape, ...secretIds }))
      .digest('hex'),
  };
}

function regionsOf(given: WrittenService, path: string, known: KnownPatterns): Regions {
  const pattern = memoBy(
    (text: string) => text,
    (text) => compiled(text, compilePathPattern),
    known,
  );
  const excluded = (given.excludedRegions ?? []).map(pattern);
  if (given.includedRegions === 'auto') return { included: [], excluded };
  if (given.includedRegions === undefined) return { included: path === '' ? [] : [folderPattern(path)], excluded };
  return { included: given.includedRegions.map(pattern), excluded };
}

/** Without `includedRegions`, the folder of the service is its region. */
function regionSettingsOf(name: string, written: WrittenService, defaults: WrittenService): Service['regionSettings'] {
  const placeOf = (setting: 'includedRegions' | 'excludedRegions' | 'path'): string | null => {
    if (written[setting] !== undefined) return `services.${name}.${setting}`;
    return defaults[setting] === undefined ? null : `defaults.${setting}`;
  };
  return { included: placeOf('includedRegions') ?? placeOf('path'), excluded: placeOf('excludedRegions') };
}

function versionOf(written: WrittenService['version']): VersionSetting {
  if (written?.file !== undefined) return { file: repositoryPath(written.file) ?? written.file };
  return written?.value === undefined ? null : { value: String(written.value) };
}

function tagsOf({ branchTag, extraTags }: WrittenService): Pick<Service, 'branchTag' | 'extraTags'> {
  return { branchTag: branchTag ?? builtInDefaults.service.branchTag, extraTags: extraTags ?? {} };
}

function versionPatternOf(written: WrittenService['version']): Pattern | null {
  return written?.pattern === undefined ? null : compiled(written.pattern, compileRegularExpression);
}

function reuseOf(written: WrittenService['reuse']): ReuseSetting {
  return typeof written === 'string' ? (parseDuration(written) ?? true) : (written ?? builtInDefaults.service.reuse);
}

function fileOf(written: string | undefined): string | null {
  return written === undefined ? null : repositoryPath(written);
}

function compiled(text: string, compile: typeof compilePathPattern): Pattern {
  const pattern = compile(text);
  if (isPatternFault(pattern))
    throw new SlipwayError('invalid-configuration', `The pattern ${JSON.stringify(text)} ${pattern.fault}.`);
  return pattern;
}

function refuse(name: string, setting: string): never {
  throw new SlipwayError('invalid-configuration', `services.${name}.${setting} is missing or wrong.`);
}

/** JSON with sorted keys, so that the order in the file does not matter. */
function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : item,
  );
}
