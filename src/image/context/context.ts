import { createHash } from 'node:crypto';
import type { ApartContext, BuildContext, ContextEntries, ContextFiles } from '../../engine/contract.js';
import { createTurns } from '../../in-turns.js';
import { SlipwayError } from '../../errors.js';
import type { FileList, Tree } from '../../git/contract.js';
import type { FileEntry } from '../../model/file-entry.js';
import type { Service } from '../../model/service.js';
import { contextEntries, contextFiles, movedInto, withEntry, type Origin } from './context-files.js';
import { ChosenFiles, filesNamed } from './files.js';
import { createOffer, isPadded, type ChosenPart, type Misread, type Sources } from './offer.js';
import { pointersAmong } from './lfs-pointers.js';
import { nowhere, targetsOf } from './link-targets.js';
import { packPaths, pathsOf } from '../../patterns/packed-paths.js';
import type { Packaging } from '../packaging/packaging.js';
import { fewPaths, within, type Unfetched } from '../packaging/unfetched.js';
import { joinPath, pathBelow, safePath } from '../../patterns/paths.js';
import type { Placed } from './place-dockerfile.js';
import type { ContextQuestion, SelectContext, SelectedContext } from './select-context.js';

export interface ContextRequest {
  readonly service: Service;
  readonly commit: string;
  readonly tree: Tree;
  readonly packaging: Packaging;
  /** What the Dockerfile reads from the context (see `DockerfileReading`). `whole` sends everything. */
  readonly sources: Sources;
  /** What we expect the engine to ask for (see `DockerfileReading`). */
  readonly asked: readonly string[];
  /** `path` is repository-relative, `file` absolute. */
  readonly artifact: {
    readonly path: string;
    readonly file: string;
    readonly sha256: string;
    readonly size: number;
  } | null;
}

export interface PreparedContext {
  readonly context: BuildContext;
  /** Path of the Dockerfile inside the context. */
  readonly dockerfile: string;
  /** What the Dockerfile reads, as we read it. */
  readonly read: ContextFiles;
  /** `pruned`: without files that the Dockerfile cannot read. */
  readonly scope: 'pruned' | 'whole';
  /** Where the engine's requests went beyond our reading, or null. Complete when the build has ended. */
  readonly misread: () => Misread | null;
  /** What the Dockerfile reads, as we read it, that is a submodule or a Git LFS pointer. Reads the small files. */
  readonly unfetched: () => Promise<Unfetched>;
}

/**
 * Prepares the build context of a service at a commit. It is the commit's tree below `context`, with the central
 * folder replacing `<path>/docker`, without files that `.dockerignore` excludes, and with the artifact. A sync offers all
 * of it. An archive holds what the Dockerfile can read, as we read it. Contents are read when the engine asks for them.
 * @throws SlipwayError `unsafe-path` for a name that leaves its folder, `invalid-configuration` for a context that does not exist or an
 * artifact outside it, `dockerfile-invalid` for a `.dockerignore` that Docker refuses, that is over the limits or takes too long, and the
 * errors of the tree.
 */
export async function prepareContext(request: ContextRequest, select: SelectContext): Promise<PreparedContext> {
  const { service, commit, tree, packaging, sources } = request;
  const list = await tree.list(commit, service.context);
  const added = addedFiles(request);
  const { origins } = added;
  const names = await namesIn(list);
  const selected = await selectFiles(request, sources, { list, names, added }, select).catch(rethrowAsInvalid);
  if (selected.isEmpty && !(await isFolder(request)))
    throw new SlipwayError('invalid-configuration', `The context ${service.context} does not exist at the commit.`);
  const others = othersOf(added);
  const filesAt = (positions: Uint32Array) => new ChosenFiles(list, others, positions);
  const partOf = async ({ positions, folders, everything }: SelectedContext): Promise<ChosenPart> => {
    const entries = await contextEntries(filesAt(positions), origins, tree);
    return { positions, everything, files: contextFiles(entries, folders, origins, tree) };
  };
  const fileAt = (position: number) => filesAt(Uint32Array.of(position)).at(0);
  const read = await partOf(selected);
  const offer = createOffer({
    sources,
    read,
    expected: request.asked,
    choose: async (wanted) => partOf(await selectFiles(request, wanted, { list, names, added }, select)),
    pathAt: (position) => fileAt(position)?.path,
    isUnclear: names.arePadded || others.some(({ path }) => isPadded(path)),
  });
  const named: ApartContext['named'] = async (paths) => {
    const found = filesNamed(
      paths,
      list,
      others,
      packaging.overlay && hiddenFolder(service.context, packaging.overlay.folder),
    );
    return contextFiles(await contextEntries(found, origins, tree), [], origins, tree);
  };
  const { placed } = selected;
  const own = await withDockerfile(read.files.entries, placed, origins, { tree, fileAt, bytes: packaging.bytes });
  return {
    context: {
      ...contextFiles(own, placed.folders, origins, tree),
      key: `${service.repository}:${service.context}:${packaging.dockerfilePath}`,
      apart: { dockerfile: packaging.bytes, offer: (asked) => offer.files(asked), named },
    },
    dockerfile: placed.dockerfile,
    read: read.files,
    scope: selected.everything ? 'whole' : 'pruned',
    misread: () => offer.misread(),
    async unfetched() {
      // The context itself is a submodule.
      const submodules = selected.isEmpty && service.context !== '' ? fewPaths(['']) : selected.submodules;
      const pointers = await pointersAmong(read.files);
      return { submodules: within(service.context, submodules), pointers: within(service.context, pointers) };
    },
  };
}

/** True for a folder without files: the root of a tree, or a submodule, which is an empty folder on a checkout. */
async function isFolder({ service: { context }, commit, tree }: ContextRequest): Promise<boolean> {
  if (context === '') return true;
  const { submodules = [] } = await tree.list(commit, '');
  return submodules.includes(context);
}

interface DockerfileParts {
  readonly fileAt: (position: number) => FileEntry | undefined;
  /** Of the Dockerfile. */
  readonly bytes: Buffer;
}

const held = (content: Buffer): Origin => ({ kind: 'bytes', content });

/** The files to send, including the Dockerfile. The same list if it is already there. */
async function withDockerfile(
  entries: ContextEntries,
  { into, dockerfile, added }: Placed,
  origins: Map<string, Origin>,
  { tree, fileAt, bytes }: Pick<ContextRequest, 'tree'> & DockerfileParts,
): Promise<ContextEntries> {
  if (added === null) return entries;
  const file =
    added !== 'own' && 'position' in added
      ? fileAt(added.position)
      : newFile(dockerfile, added === 'own' ? bytes : Buffer.from(added.text), origins);
  const [entry] = file ? await contextEntries([file], origins, tree) : [];
  const moved = into === '' ? entries : movedInto(into, entries);
  return entry ? withEntry(entry, moved) : moved;
}

/** A file that is not in the tree. */
function newFile(path: string, content: Buffer, origins: Map<string, Origin>): FileEntry {
  const blob = `sha256:${createHash('sha256').update(content).digest('hex')}`;
  origins.set(blob, held(content));
  return { path, mode: '100644', blob };
}

/** Files that are not in the tree, the artifact last, and the sources of their bytes. */
interface Added {
  readonly central: readonly FileEntry[];
  readonly artifact: FileEntry | null;
  readonly origins: Map<string, Origin>;
}

function addedFiles({ service, packaging: { overlay }, artifact }: ContextRequest): Added {
  const origins = new Map<string, Origin>();
  const central = (overlay?.files ?? []).flatMap(({ path: below, mode, blob, content }): FileEntry[] => {
    const path = pathBelow(service.context, joinPath(overlay?.folder ?? '', below));
    if (path === null) return [];
    origins.set(blob, held(content));
    return [{ path, mode, blob }];
  });
  return { central, artifact: artifactFile(service, artifact, origins), origins };
}

const othersOf = ({ central, artifact }: Added): readonly FileEntry[] =>
  artifact === null ? central : [...central, artifact];

function artifactFile(
  { context }: Service,
  artifact: ContextRequest['artifact'],
  origins: Map<string, Origin>,
): FileEntry | null {
  if (artifact === null) return null;
  const path = pathBelow(context, safePath(artifact.path));
  if (path === null || path === '')
    throw new SlipwayError(
      'invalid-configuration',
      `The artifact's path ${artifact.path} is not below the context ${context || '.'}.`,
    );
  const { file, sha256, size } = artifact;
  const blob = `sha256:${sha256}`;
  origins.set(blob, { kind: 'file', file, size });
  return { path, mode: '100644', blob };
}

interface Listing {
  readonly list: FileList;
  readonly names: Names;
  readonly added: Added;
}

/** Repeats until the targets of all links on the sources' paths are known. Each round knows more of them. */
async function selectFiles(
  request: ContextRequest,
  sources: Sources,
  { list, names: links, added: { central, artifact, origins } }: Listing,
  select: SelectContext,
): Promise<SelectedContext> {
  const { service, tree, packaging } = request;
  const { overlay } = packaging;
  const linkFiles = new Map([...links.files, ...central.filter(isLink)].map((file) => [file.path, file]));
  const targets = new Map<string, string>();
  const question: ContextQuestion = {
    listed: await packPaths(pathsOf(list)),
    links: links.positions,
    hidden: overlay === null ? null : hiddenFolder(service.context, overlay.folder),
    added: central.map((file) => ({ path: file.path, isLink: isLink(file) })),
    submodules: list.submodules ?? [],
    ignore: packaging.ignoreText ?? '',
    artifact: artifact?.path ?? null,
    sources,
    targets,
    dockerfile: { text: packaging.text, own: pathBelow(service.context, packaging.dockerfilePath) },
  };
  for (;;) {
    const answer = await select(question);
    if (!('missing' in answer)) return answer;
    const known = await targetsOf(
      answer.missing.flatMap((path) => linkFiles.get(path) ?? []),
      origins,
      tree,
    );
    for (const path of answer.missing) targets.set(path, known.get(path) ?? nowhere);
  }
}

/** What the overlay hides of the context: '' is all of it, null nothing. */
function hiddenFolder(context: string, overlay: string): string | null {
  return pathBelow(overlay, context) === null ? pathBelow(context, overlay) : '';
}

/** A partial context is never sent. If the selection takes too long, the build fails and says so. */
function rethrowAsInvalid(error: unknown): never {
  if (!(error instanceof SlipwayError) || error.code !== 'reading-stopped') throw error;
  const message = `The .dockerignore, or the sources of COPY and ADD, take too long to match against the context. ${error.message}`;
  throw new SlipwayError('dockerfile-invalid', message, { cause: error });
}

const isLink = ({ mode }: FileEntry): boolean => mode === '120000';

interface Names {
  readonly positions: readonly number[];
  readonly files: readonly FileEntry[];
  /** True if a path has a blank that a header's value would lose. */
  readonly arePadded: boolean;
}

/** The symbolic links, and whether names can be trusted to a header. */
async function namesIn(list: FileList): Promise<Names> {
  const nextTurn = createTurns();
  const positions: number[] = [];
  const files: FileEntry[] = [];
  let arePadded = false;
  let position = 0;
  for (const file of list) {
    arePadded ||= isPadded(file.path);
    if (isLink(file)) {
      positions.push(position);
      files.push(file);
    }
    position += 1;
    const turn = nextTurn();
    if (turn) await turn;
  }
  return { positions, files, arePadded };
}
