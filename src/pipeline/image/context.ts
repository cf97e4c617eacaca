import type { BuildContext, ContextEntries } from '../../engine/contract.js';
import { SlipwayError } from '../../errors.js';
import type { Tree } from '../../git/contract.js';
import type { FileEntry, Service } from '../../model.js';
import { contextEntries, contextFiles, movedInto, withEntry, type Origin, type Origins } from './context-files.js';
import { createIgnore } from './dockerignore.js';
import { linkLimit } from './file-limits.js';
import { Files } from './files.js';
import type { Packaging } from './packaging.js';
import { byBytes, foldersAbove, foldersOf, joinPath, parentOf, pathBelow, safePath } from './paths.js';
import { freeName, placeDockerfile, type Placed } from './place-dockerfile.js';
import { selectRead, type ReadSelection } from './read-selection.js';

export interface ContextRequest {
  readonly service: Service;
  readonly commit: string;
  readonly tree: Tree;
  readonly packaging: Packaging;
  /** What the Dockerfile reads of the context (see `DockerfileReading`); `whole` sends everything. */
  readonly sources: readonly string[] | 'whole';
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
  /** `pruned`: without what the Dockerfile cannot read. */
  readonly scope: 'pruned' | 'whole';
}

/**
 * The build context of a service at a commit (CONTRACT, section 3): the commit's tree below `context`, the central folder in the place of
 * `<path>/docker`, less `.dockerignore`, less what the Dockerfile cannot read, with the artifact. Contents are not read before the
 * engine asks for them.
 * @throws SlipwayError `unsafe-path` for a name that leaves its folder, `invalid-configuration` for a context that does not exist or an artifact outside it,
 * `dockerfile-invalid` for a pattern that Docker refuses, and what the tree fails with.
 */
export async function prepareContext(request: ContextRequest): Promise<PreparedContext> {
  const { service, tree, packaging, sources } = request;
  const origins = new Map<string, Origin>();
  const all = await filesBelowContext(request, origins);
  const ignored = createIgnore(packaging.ignoreText ?? '');
  const kept = withArtifact(
    all.filter(({ path }) => !ignored(isNothing(path) ? parentOf(path) : path)),
    request,
    origins,
  );
  if (all.length === 0 && kept.length === 0 && !(await isFolder(request)))
    throw new SlipwayError('invalid-configuration', `The context ${service.context} does not exist at the commit.`);
  const spare = freeName(kept);
  const selection = await whatIsRead(kept, spare, request, origins);
  const files = kept.filter(({ path }) => !isNothing(path) && selection.has(path)).inOrder();
  const folders = emptyFolders(all, files, (folder) => !ignored(folder) && selection.has(folder));
  const placed = placeDockerfile({
    text: packaging.text,
    own: pathBelow(service.context, packaging.dockerfilePath),
    kept,
    files,
    folders,
    spare: selection.has(spare) ? null : spare,
    known: sources !== 'whole',
  });
  const entries = await contextEntries(files, origins, tree);
  const own = await withDockerfile(entries, placed, request, origins);
  return {
    context: {
      ...contextFiles(own, placed.folders, origins, tree),
      key: `${service.repository}:${service.context}:${packaging.dockerfilePath}`,
      apart: { files: contextFiles(entries, folders, origins, tree), dockerfile: Buffer.from(packaging.text) },
    },
    dockerfile: placed.dockerfile,
    scope: selection.everything ? 'whole' : 'pruned',
  };
}

/** Of a folder in which nothing is: the root of a tree, or a submodule, which is an empty folder on a checkout. */
async function isFolder({ service: { context }, commit, tree }: ContextRequest): Promise<boolean> {
  if (context === '') return true;
  const { submodules = [] } = await tree.list(commit, '');
  return submodules.includes(context);
}

const bytes = (content: Buffer): Origin => ({ kind: 'bytes', content });

/** What is read with the Dockerfile beside it: the very same list where it is there already. */
async function withDockerfile(
  entries: ContextEntries,
  { into, added }: Placed,
  { tree }: ContextRequest,
  origins: Map<string, Origin>,
): Promise<ContextEntries> {
  if (added === null) return entries;
  if ('content' in added) origins.set(added.blob, bytes(added.content));
  const [entry] = await contextEntries([added], origins, tree);
  const moved = into === '' ? entries : movedInto(into, entries);
  return entry ? withEntry(entry, moved) : moved;
}

const EVERYTHING: ReadSelection = { everything: true, has: () => true };

/** `spare`: a name that is not taken, of which is to be known whether a file there would be read. */
async function whatIsRead(
  files: Files,
  spare: string,
  { sources, tree }: ContextRequest,
  origins: Origins,
): Promise<ReadSelection> {
  if (sources === 'whole') return EVERYTHING;
  const candidate: FileEntry = { path: spare, mode: '100644', blob: '' };
  return selectRead(sources, files.with(candidate), (link) => targetOf(link, origins, tree));
}

/** Stands for what is below a submodule, so that its folder is one: nothing, on a plain checkout. No tree has a file of that name. */
const NOTHING = '.git';

const isNothing = (path: string): boolean => path.endsWith(`/${NOTHING}`);

/** Notes where the bytes of central files come from. */
async function filesBelowContext(
  { service, commit, tree, packaging: { overlay } }: ContextRequest,
  origins: Map<string, Origin>,
): Promise<Files> {
  const hidden = (path: string): boolean =>
    overlay !== null && pathBelow(overlay.folder, joinPath(service.context, path)) !== null;
  const list = await tree.list(commit, service.context);
  const nothing = (list.submodules ?? []).map((folder): FileEntry => {
    return { path: joinPath(safePath(folder), NOTHING), mode: '100644', blob: '' };
  });
  const tracked = Files.of(list).with(...nothing);
  const central = (overlay?.files ?? []).flatMap(({ path: below, mode, blob, content }): FileEntry[] => {
    const path = pathBelow(service.context, joinPath(overlay?.folder ?? '', below));
    if (path === null) return [];
    origins.set(blob, bytes(content));
    return [{ path, mode, blob }];
  });
  const files = overlay === null ? tracked : tracked.filter(({ path }) => !hidden(path)).with(...central);
  for (const { path } of files) if (!isNothing(path)) safePath(path);
  return files;
}

/** The artifact takes the place of whatever is at its path, or in the way to it. */
function withArtifact(
  files: Files,
  { artifact, service: { context } }: ContextRequest,
  origins: Map<string, Origin>,
): Files {
  if (artifact === null) return files;
  const path = pathBelow(context, safePath(artifact.path));
  if (path === null || path === '')
    throw new SlipwayError(
      'invalid-configuration',
      `The artifact's path ${artifact.path} is not below the context ${context || '.'}.`,
    );
  const inTheWay = new Set([path, ...foldersAbove(path)]);
  const others = files.filter((file) => !inTheWay.has(file.path) && pathBelow(path, file.path) === null);
  const { file, sha256, size } = artifact;
  const blob = `sha256:${sha256}`;
  origins.set(blob, { kind: 'file', file, size });
  return others.with({ path, mode: '100644', blob });
}

/** Folders of the tree that stay although nothing in them does: Docker sends those too, unless they are excluded themselves. */
function emptyFolders(all: Files, files: Files, stays: (folder: string) => boolean): string[] {
  const filled = foldersOf(files);
  const staying = [...foldersOf(all)].filter((folder) => !filled.has(folder) && stays(folder));
  if (staying.length === 0) return staying;
  const above = new Set(staying.flatMap(foldersAbove));
  const taken = new Set(Array.from(files, ({ path }) => path));
  return staying.filter((folder) => !above.has(folder) && !isBelowFile(folder, taken)).sort(byBytes);
}

function isBelowFile(folder: string, files: ReadonlySet<string>): boolean {
  return folder !== '' && (files.has(folder) || isBelowFile(parentOf(folder), files));
}

/** Null where it is too long to lead anywhere. */
async function targetOf({ blob }: FileEntry, origins: Origins, tree: Tree): Promise<string | null> {
  const origin = origins.get(blob);
  if (origin?.kind === 'bytes') return origin.content.length > linkLimit ? null : origin.content.toString();
  const parts: Buffer[] = [];
  for await (const { size, chunks } of tree.blobs([blob])) {
    if (size > linkLimit) return null;
    for await (const chunk of chunks) parts.push(chunk);
  }
  return Buffer.concat(parts).toString();
}
