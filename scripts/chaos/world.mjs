/** The repositories and services of the chaos run, and what is right for them. The rules are written down here a second time, by hand. */
import { registryUser } from '../parts.mjs';

export const baseImage = 'slipway-chaos/base:1';
export const centralRepository = 'abc/dockerfiles';
export const builtBranches = ['main', 'release/1', 'release/2'];
export const branches = [...builtBranches, 'topic'];

const isText = (path) => path.endsWith('.md');
const below = (folder) => (path) => path.startsWith(`${folder}/`);

/**
 * Service → where it is, and by the rules of its regions: `counts` says of a path outside the docker folder whether it matters. What its
 * Dockerfile copies is below `from` in the repository and below `to` in the image.
 */
export const services = {
  web: {
    repository: 'abc/mono',
    docker: 'services/web/docker',
    version: 'services/web/VERSION',
    counts: (path) => below('services/web')(path) && !isText(path),
    copied: { from: 'services/web/', to: 'src/' },
    settings: { path: 'services/web', excludedRegions: ['**/*.md'] },
  },
  api: {
    repository: 'abc/mono',
    docker: 'services/api/docker',
    version: 'services/api/VERSION',
    counts: (path) => below('services/api')(path) || below('libs')(path),
    copied: { from: '', to: 'src/' },
    settings: { path: 'services/api', context: '.', includedRegions: ['services/api/**', 'libs/**'] },
  },
  top: {
    repository: 'abc/mono',
    docker: 'services/top/docker',
    version: 'services/top/VERSION',
    counts: below('services/top'),
    copied: { from: 'services/top/', to: 'src/' },
    standsOn: 'base',
    settings: { path: 'services/top' },
  },
  base: {
    repository: 'abc/base',
    docker: 'docker',
    version: 'VERSION',
    counts: () => true,
    copied: { from: '', to: 'base/' },
    settings: {},
  },
  plain: {
    repository: 'abc/plain',
    docker: 'docker',
    version: 'VERSION',
    central: 'plain',
    counts: (path) => !isText(path),
    copied: { from: '', to: 'src/' },
    settings: { excludedRegions: ['**/*.md'] },
  },
  java: {
    repository: 'abc/java',
    docker: 'docker',
    version: 'VERSION',
    artifact: 'docker/app.jar',
    counts: below('src'),
    // The docker folder is the context: no source is in the image.
    copied: { from: 'docker/', to: 'src/' },
    settings: { context: 'docker', trigger: 'artifact', artifact: 'docker/app.jar', includedRegions: ['src/**'] },
  },
};

export const servicesOf = (repository) =>
  Object.keys(services).filter((name) => services[name].repository === repository);

/** Files that a push changes, by repository. */
export const plainFiles = {
  'abc/mono': [
    ...['services/web/src/a.txt', 'services/web/src/deep/b.txt', 'services/web/notes.md', 'services/web/VERSION'],
    ...['services/api/main.txt', 'services/api/notes.md', 'libs/shared.txt', 'services/top/t.txt', 'README.md'],
  ],
  'abc/base': ['base.txt', 'VERSION'],
  'abc/plain': ['a.txt', 'src/b.txt', 'notes.md', 'VERSION'],
  'abc/java': ['src/Main.java', 'src/test/T.java', 'notes.md'],
  [centralRepository]: ['README.md', 'plain/run.sh', 'nobody/Dockerfile'],
};

/** Files without which an image could not be made. */
export const lasting = ['libs/shared.txt'];

/** Dockerfiles that a push changes: `[service, path]`, by repository. */
export const dockerfiles = {
  'abc/mono': ['web', 'api', 'top'].map((name) => [name, `services/${name}/docker/Dockerfile`]),
  'abc/base': [['base', 'docker/Dockerfile']],
  'abc/plain': [['plain', 'docker/Dockerfile']],
  'abc/java': [['java', 'docker/Dockerfile']],
  [centralRepository]: [['plain', 'plain/Dockerfile']],
};

/** A Dockerfile of a service. `kind` is a number that makes it another one, or `broken`. */
export function dockerfile(service, kind, registryHost) {
  const from = services[service].standsOn === undefined ? baseImage : `${registryHost}/base:main`;
  const copies = {
    api: ['COPY libs /src/libs/', 'COPY services/api /src/services/api/'],
    base: ['COPY . /base/'],
  };
  const run =
    kind === 'broken' ? 'RUN echo this one is broken && false' : `RUN echo ${kind} > /kind && sleep 0.${kind}`;
  return [`FROM ${from}`, ...(copies[service] ?? ['COPY . /src/']), run, ''].join('\n');
}

export const isBroken = (text) => text.includes('this one is broken');

/** The first commit of each repository. */
export function firstFiles(repository, registryHost) {
  const content = (path) => (path.endsWith('VERSION') ? '1.0.0\n' : 'first\n');
  const plain = plainFiles[repository].map((path) => [path, content(path)]);
  // The central dockerfile of `plain` is in force until the repository has its own.
  const own = repository === 'abc/plain' ? [] : dockerfiles[repository];
  const packed = own.map(([service, path]) => [path, dockerfile(service, 1, registryHost)]);
  return Object.fromEntries([...plain, ...packed]);
}

/** The file that Jenkins would have made of a commit. */
export const artifactOf = (commit) => `jar of ${commit}\n`;

/** The configuration. JSON is YAML. */
export function settings({ port, secret, token, dataDir, gitUrl, registryHost, dockerHost, freeDisk }) {
  const list = Object.entries(services).map(([name, { repository, settings: own }]) => [name, { repository, ...own }]);
  return JSON.stringify({
    server: { listen: `127.0.0.1:${port}`, dataDir },
    access: { tokens: [{ name: 'chaos', token, scopes: ['read', 'build', 'admin'] }] },
    github: { webhookSecrets: [secret], cloneUrl: `${gitUrl}/{repository}.git` },
    registry: { host: registryHost, username: registryUser.username, password: registryUser.password, insecure: true },
    engine: { host: dockerHost, concurrency: 2, timeout: '2m' },
    dockerfiles: { repository: centralRepository, branch: 'main' },
    sweep: '15s',
    limits: { freeDisk },
    defaults: { branches: builtBranches },
    services: Object.fromEntries(list),
  });
}
