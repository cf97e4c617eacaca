/** What is right, worked out from the repositories alone. */
import type { MemoryCommit, MemoryRepository } from '../../support/memory-git.js';
import { CENTRAL, dockerFolder, isBroken, repositoryOf, type ServiceName } from './world.js';
import type { Story } from './story.js';

type Files = ReadonlyMap<string, string>;

/** Paths of the repository that matter to the service, its docker folder aside. */
const matters: Readonly<Record<ServiceName, (path: string) => boolean>> = {
  api: (path) => path.startsWith('api/'),
  web: (path) => (path.startsWith('web/src/') || path.startsWith('shared/')) && !path.endsWith('.md'),
  tool: (path) => path.startsWith('tool/'),
  top: () => true,
};

/** Where the context begins. */
const contextOf: Readonly<Record<ServiceName, string>> = { api: 'api/', web: '', tool: 'tool/', top: '' };

const textsOf = ({ files }: Pick<MemoryCommit, 'files'>): Files =>
  new Map([...files].map(([path, { content }]) => [path, content.toString()]));

function below(files: Files, folder: string): Files {
  const found = [...files].filter(([path]) => path.startsWith(`${folder}/`));
  return new Map(found.map(([path, text]) => [path.slice(folder.length + 1), text]));
}

/** The docker folder in force; null if there is no Dockerfile. */
function packagingOf(service: ServiceName, application: Files, central: Files): Files | null {
  const own = below(application, dockerFolder[service]);
  if (own.has('Dockerfile')) return own;
  const others = below(central, service);
  return others.has('Dockerfile') ? others : null;
}

export interface Truth {
  /** Everything that matters, as it is in the context; null if there is no Dockerfile. */
  readonly files: Files | null;
  /** Whether an image can be made from it. */
  readonly canBuild: boolean;
}

/** What the image of a service is to hold at a commit, with the central dockerfiles as they are now. */
export function truthAt(story: Story, service: ServiceName, sha: string): Truth {
  const repository = story.repository(repositoryOf(service));
  const application = textsOf(commitOf(repository, sha));
  const centralRepository = story.repository(CENTRAL);
  const central = textsOf(commitOf(centralRepository, centralRepository.heads.get('main') ?? ''));
  const packaging = packagingOf(service, application, central);
  if (packaging === null) return { files: null, canBuild: false };
  const source = [...application].filter(([path]) => matters[service](path) && !isPackaging(service, path));
  const packed = [...packaging]
    .filter(([path]) => !isRunFile(path))
    .map(([path, text]) => [`${dockerFolder[service]}/${path}`, text] as const);
  const files = new Map([...source, ...packed].map(([path, text]) => [path.slice(contextOf[service].length), text]));
  return { files, canBuild: !isBroken(packaging.get('Dockerfile') ?? '') };
}

const runFileNames = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
const isRunFile = (name: string): boolean => /^(?:docker-)?compose(?:\.prod)?\.ya?ml$/.test(name);

/** What is to be known of running a service at a commit: the texts of its run file and of the overlay beside it. */
export function runFileAt(story: Story, service: ServiceName, sha: string): readonly string[] {
  const repository = story.repository(repositoryOf(service));
  const centralRepository = story.repository(CENTRAL);
  const central = textsOf(commitOf(centralRepository, centralRepository.heads.get('main') ?? ''));
  const folders = [below(textsOf(commitOf(repository, sha)), dockerFolder[service]), below(central, service)];
  for (const folder of folders) {
    const name = runFileNames.find((one) => folder.has(one));
    if (name === undefined) continue;
    const overlay = folder.get(name.replace('.y', '.prod.y'));
    return [folder.get(name) ?? '', ...(overlay === undefined ? [] : [overlay])];
  }
  return [];
}

const isPackaging = (service: ServiceName, path: string): boolean => path.startsWith(`${dockerFolder[service]}/`);

/** Of what an image was made from, that which matters. */
export function whatMatters(service: ServiceName, context: Files): Files {
  const kept = [...context].filter(([path]) => {
    const full = `${contextOf[service]}${path}`;
    if (isPackaging(service, full) && isRunFile(path.slice(path.lastIndexOf('/') + 1))) return false;
    return matters[service](full) || isPackaging(service, full);
  });
  return new Map(kept);
}

export function sameFiles(a: Files, b: Files): boolean {
  return a.size === b.size && [...a].every(([path, text]) => b.get(path) === text);
}

/** Whether the head has commits that `from` has not, and every one of them says [skip ci]. */
export function isAllSkipped(repository: MemoryRepository, from: string, head: string): boolean {
  const before = repository.reachable([from]);
  const since = [...repository.reachable([head]).values()].filter(({ sha }) => !before.has(sha));
  return since.length > 0 && since.every(({ message }) => message.includes('[skip ci]'));
}

export function commitOf(repository: MemoryRepository, sha: string): MemoryCommit {
  const commit = repository.commits.get(sha);
  if (!commit) throw new Error(`There is no commit ${sha}.`);
  return commit;
}
