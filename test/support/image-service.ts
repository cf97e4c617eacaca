import type { SearchRequest } from '../../src/image/packaging/dockerfile-search.js';
import { inspectPackaging, packagingAt, type Packaging } from '../../src/image/packaging/packaging.js';
import { outlinesOf } from '../../src/image/packaging/read-central.js';
import type { Service } from '../../src/model/service.js';
import type { CentralFile, CentralTree } from '../../src/image/packaging/central.js';
import { createMemoryTree, type MemoryFile } from './memory-tree.js';
import { inlineReading } from './reading.js';

/** A service called `app` at the root of its repository, everything else at its default. */
export function imageService(settings: Partial<Service> = {}): Service {
  return {
    name: 'app',
    repository: 'abc/app',
    path: '',
    branches: [],
    literalBranches: [],
    gitTags: [],
    regions: { included: [], excluded: [] },
    autoRegions: false,
    regionSettings: { included: null, excluded: null },
    context: settings.path ?? '',
    dockerfile: null,
    target: null,
    buildArgs: {},
    secrets: {},
    version: null,
    versionPattern: null,
    branchTag: true,
    extraTags: {},
    trigger: 'push',
    artifact: null,
    image: 'app',
    builds: 'latest',
    reuse: true,
    cascade: true,
    deploy: null,
    settingsFingerprint: 's',
    ...settings,
  };
}

/** Central dockerfiles with these files, `<service>/<path>`. */
export function memoryCentral(files: Readonly<Record<string, MemoryFile>>, commit: string | null = null): CentralTree {
  const tree = createMemoryTree({ central: files });
  const central: CentralTree = {
    commit,
    outlines: (folders) => outlinesOf(folders, central.files),
    async files(service) {
      const entries = [...(await tree.list('central', service))];
      return Promise.all(
        entries.map(async (entry): Promise<CentralFile> => {
          const file = await tree.read('central', `${service}/${entry.path}`, Infinity);
          return { ...entry, content: file?.content ?? Buffer.alloc(0) };
        }),
      );
    },
  };
  return central;
}

type Files = Readonly<Record<string, MemoryFile>>;

const requestFor = (files: Files, settings: Partial<Service>, central: Files): SearchRequest => ({
  service: imageService(settings),
  commit: 'c0ffee0',
  tree: createMemoryTree({ c0ffee0: files }),
  central: memoryCentral(central, 'ce47ra1'),
  read: inlineReading.dockerfile,
});

/** The packaging of a service at the commit `c0ffee0` with these files, beside central dockerfiles of the commit `ce47ra1`. */
export const packagingOf = (files: Files, settings: Partial<Service> = {}, central: Files = {}): Promise<Packaging> =>
  packagingAt(requestFor(files, settings, central));

/** The same, as far as it can be read. */
export const inspectedPackagingOf = (files: Files, settings: Partial<Service> = {}, central: Files = {}) =>
  inspectPackaging(requestFor(files, settings, central));
