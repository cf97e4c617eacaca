/** What the stories are about: three repositories, four services, two branches that they build. */
import { normalise } from '../../../src/config/normalise.js';
import type { Service } from '../../../src/model/service.js';
import { MemoryRepository } from '../../support/memory-git.js';

export const MONO = 'abc/mono';
export const APP = 'abc/app';
export const CENTRAL = 'abc/dockerfiles';
export type RepositoryName = typeof MONO | typeof APP | typeof CENTRAL;

export const BRANCHES = ['main', 'release/1', 'topic'] as const;
export type BranchName = (typeof BRANCHES)[number];
/** Those that services build. */
export const BUILT = ['main', 'release/1'] as const;

const branches = ['main', 'release/*'];

const written = {
  /** In a repository of several, with a docker folder of its own and a central one beneath it. */
  api: { repository: MONO, path: 'api', branches },
  /** Reads the whole repository, and has regions. */
  web: {
    repository: MONO,
    path: 'web',
    context: '.',
    includedRegions: ['web/src/**', 'shared/**'],
    excludedRegions: ['**/*.md'],
    branches,
  },
  /** Packaged by the central folder; every push of it is built. */
  tool: { repository: MONO, path: 'tool', branches, builds: 'every-push' as const },
  /** Stands on the image of `api`; in a repository of its own. */
  top: { repository: APP, branches },
};
export type ServiceName = keyof typeof written;
export const SERVICES = Object.keys(written) as readonly ServiceName[];
export const repositoryOf = (service: ServiceName): RepositoryName => (service === 'top' ? APP : MONO);
export const BASE_OF_TOP = 'registry.test:5000/api:main';

/** The services; `api` with one build argument or another. */
export function servicesWith(argument: string): ReadonlyMap<string, Service> {
  const services = { ...written, api: { ...written.api, buildArgs: { ARGUMENT: argument } } };
  const config = {
    github: { webhookSecrets: ['secret'] },
    registry: { host: 'registry.test:5000' },
    services,
  };
  return normalise(config, { folder: '/', files: new Map(), secretPlaces: new Map(), environments: [] }).services;
}

const BEGINNING: Readonly<Record<ServiceName, string>> = {
  api: 'FROM scratch\nARG ARGUMENT\nCOPY . /\n',
  web: 'FROM scratch\nCOPY . /\n',
  tool: 'FROM scratch\nCOPY . /\n',
  top: `FROM ${BASE_OF_TOP}\nCOPY . /\n`,
};

export const DOCKERFILES = ['plain', 'other', 'broken'] as const;
export type Dockerfile = (typeof DOCKERFILES)[number];

export function dockerfile(service: ServiceName, kind: Dockerfile): string {
  const end = { plain: '', other: 'USER 1\n', broken: 'RUN exit 1\n' };
  return BEGINNING[service] + end[kind];
}

export const isBroken = (text: string): boolean => text.includes('exit 1');

/** Where the Dockerfile of a service is in its repository. */
export const dockerFolder: Readonly<Record<ServiceName, string>> = {
  api: 'api/docker',
  web: 'web/docker',
  tool: 'tool/docker',
  top: 'docker',
};

/** The repositories as they are before anybody pushes, with main alone. */
export function firstRepositories(): ReadonlyMap<RepositoryName, MemoryRepository> {
  const files: Readonly<Record<RepositoryName, Record<string, string>>> = {
    [MONO]: {
      'api/docker/Dockerfile': dockerfile('api', 'plain'),
      'web/docker/Dockerfile': dockerfile('web', 'plain'),
      'api/a.txt': '0',
      'web/src/a.txt': '0',
      'tool/a.txt': '0',
    },
    [APP]: { 'docker/Dockerfile': dockerfile('top', 'plain'), 'a.txt': '0' },
    [CENTRAL]: { 'tool/Dockerfile': dockerfile('tool', 'plain'), 'api/Dockerfile': dockerfile('api', 'other') },
  };
  return new Map(
    ([MONO, APP, CENTRAL] as const).map((name) => {
      const repository = new MemoryRepository();
      repository.commit(files[name]);
      return [name, repository];
    }),
  );
}
