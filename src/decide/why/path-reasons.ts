import type { Decision } from '../../model/decision.js';
import type { Service } from '../../model/service.js';
import type { ClassifiedPaths } from '../facts.js';
import { everyPathPattern, MAX_SHOWN_PATHS, packagingPattern } from '../regions.js';

/** What a path is to a service. */
export const pathKinds = ['included', 'packaging', 'excluded', 'run-file', 'outside'] as const;

export type PathKind = (typeof pathKinds)[number];

/** Whether a change of a path counts for a service, and what says so. */
export interface PathReason {
  readonly path: string;
  readonly counts: boolean;
  readonly kind: PathKind;
  /** The pattern that caught it. Null: none. */
  readonly by: string | null;
  /** Where the configuration has the pattern. Null: nowhere, as for packaging and what a .dockerignore says. */
  readonly setting: string | null;
}

type Regioned = Pick<Service, 'regions' | 'autoRegions' | 'regionSettings'>;

/** The first paths, those that count before the others. Pure. */
export function pathReasons(classified: ClassifiedPaths, service: Regioned, most: number): readonly PathReason[] {
  const { counted, excluded, runFiles, outside } = classified;
  return [
    ...counted.first.map(({ path, pattern }) => countedReason(path, pattern, service)),
    ...excluded.first.map(({ path, pattern }): PathReason => {
      return { path, counts: false, kind: 'excluded', by: pattern, setting: excludedSetting(pattern, service) };
    }),
    ...runFiles.first.map(({ path, pattern }): PathReason => {
      return { path, counts: false, kind: 'run-file', by: pattern, setting: null };
    }),
    ...outside.first.map(({ path }): PathReason => {
      return { path, counts: false, kind: 'outside', by: null, setting: null };
    }),
  ].slice(0, most);
}

/** How many paths there are in all. */
export const countOfPaths = ({ counted, excluded, runFiles, outside }: ClassifiedPaths): number =>
  counted.count + excluded.count + runFiles.count + outside.count;

function countedReason(path: string, pattern: string, service: Regioned): PathReason {
  if (pattern === packagingPattern) return { path, counts: true, kind: 'packaging', by: pattern, setting: null };
  return { path, counts: true, kind: 'included', by: pattern, setting: includedSetting(pattern, service) };
}

/** Of a list its place in it; `auto` and a folder are no lists. */
function includedSetting(pattern: string, { regions, autoRegions, regionSettings }: Regioned): string | null {
  const { included: setting } = regionSettings;
  if (setting === null || pattern === everyPathPattern) return null;
  if (autoRegions || !setting.endsWith('Regions')) return setting;
  return placeIn(setting, regions.included, pattern);
}

const excludedSetting = (pattern: string, { regions, regionSettings }: Regioned): string | null =>
  regionSettings.excluded === null ? null : placeIn(regionSettings.excluded, regions.excluded, pattern);

function placeIn(setting: string, patterns: Service['regions']['included'], pattern: string): string | null {
  const at = patterns.findIndex(({ text }) => text === pattern);
  return at < 0 ? null : `${setting}[${at}]`;
}

/** The kind of paths that the reason of a decision lists. */
const listed: Partial<Record<Decision['reason']['code'], keyof ClassifiedPaths>> = {
  'included-path-changed': 'counted',
  'only-excluded-paths-changed': 'excluded',
  'no-included-path-changed': 'outside',
};

/** Whether the paths are still sorted as the decision did. They are not once the configuration has changed. Pure. */
export function isAsDecided({ reason }: Pick<Decision, 'reason'>, classified: ClassifiedPaths): boolean {
  const kind = listed[reason.code];
  if (kind === undefined) return reason.code !== 'no-change' || countOfPaths(classified) === 0;
  const { first, patterns } = classified[kind];
  const same = (some: readonly string[], others: readonly string[]) =>
    some.length === others.length && some.every((one, at) => one === others[at]);
  const shown = first.slice(0, MAX_SHOWN_PATHS).map(({ path }) => path);
  return same(shown, reason.paths) && same(patterns, reason.patterns);
}

/** Why a path would count or not, as a sentence. Pure. */
export function wouldCount({ kind, by }: PathReason): string {
  switch (kind) {
    case 'included':
      return by === everyPathPattern
        ? 'It would count: every path of the repository does.'
        : `It would count, because ${by} includes it.`;
    case 'packaging':
      return 'It would count, because it is packaging of the service.';
    case 'excluded':
      return `It would not count, because ${by} excludes it.`;
    case 'run-file':
      return 'It would not count: it is a run file, and no image is made of it.';
    case 'outside':
      return 'It would not count, because no included region has it.';
  }
}
