import type { Secret } from '../secret.js';
import type { DeploySettings } from './environment.js';
import type { Pattern, Regions } from './pattern.js';

/** Source of the official version: a file under `path`, a fixed value, or (null) the files that usually state it. */
export type VersionSetting = { readonly file: string } | { readonly value: string } | null;

/** `false`: never; a number: images at most that many milliseconds old; `true`: any age. */
export type ReuseSetting = boolean | number;

/** One service with every default applied and every pattern compiled. Paths are repository-relative, '' is the root. */
export interface Service {
  readonly name: string;
  readonly repository: string;
  readonly path: string;
  readonly branches: readonly Pattern[];
  /** The patterns of `branches` that are literal names. */
  readonly literalBranches: readonly string[];
  readonly gitTags: readonly Pattern[];
  readonly regions: Regions;
  /** `includedRegions: auto`. `regions.included` is then empty and derived from the Dockerfile at each look. */
  readonly autoRegions: boolean;
  /** The settings that the regions come from, such as `services.shop.excludedRegions`. Null: none is written. */
  readonly regionSettings: { readonly included: string | null; readonly excluded: string | null };
  readonly context: string;
  readonly dockerfile: string | null;
  readonly target: string | null;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, Secret>>;
  readonly version: VersionSetting;
  /** What counts as a version instead of the usual form. Null: the usual form. */
  readonly versionPattern: Pattern | null;
  readonly trigger: 'push' | 'artifact';
  readonly artifact: string | null;
  readonly image: string;
  /** Whether each branch has a tag that its builds move. */
  readonly branchTag: boolean;
  /** Further tags that the builds of a branch move. */
  readonly extraTags: Readonly<Record<string, readonly string[]>>;
  readonly builds: 'latest' | 'every-push';
  readonly reuse: ReuseSetting;
  readonly cascade: boolean;
  /** Null: the service is not deployed. Nothing of it shapes the image. */
  readonly deploy: DeploySettings | null;
  /** Hash over the settings that shape the image (`Decision` line 10). */
  readonly settingsFingerprint: string;
}
