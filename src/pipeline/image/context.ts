import type { BuildContext } from '../../engine/contract.js';
import { SlipwayError } from '../../errors.js';
import type { Tree } from '../../git/contract.js';
import type { Service } from '../../model.js';
import { contextFiles, sizesOf, type ContextFile } from './context-files.js';
import { createIgnore } from './dockerignore.js';
import type { Packaging } from './packaging.js';
import { byBytes, foldersAbove, joinPath, parentOf, pathBelow, safePath } from './paths.js';
import { freeName, placeDockerfile } from './place-dockerfile.js';
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
 * @throws SlipwayError `unsafe-path` for a name that leaves its folder, `invalid-configuration` for an artifact outside the context,
 * `dockerfile-invalid` for a pattern that Docker refuses, and what the tree fails with.
 */
export async function prepareContext(request: ContextRequest): Promise<PreparedContext> {
  const { service, packaging, sources, artifact } = request;
  const all = await filesBelowContext(request);
  const ignored = createIgnore(packaging.ignoreText ?? '');
  const kept = withArtifact(
    all.filter(({ path }) => !ignored(path)),
    artifact,
    service.context,
  );
  const spare = freeName(kept);
  const selection = await whatIsRead(kept, spare, request);
  const files = kept.filter(({ path }) => selection.has(path));
  const folders = emptyFolders(all, files, (folder) => !ignored(folder) && selection.has(folder));
  const own = pathBelow(service.context, packaging.dockerfilePath);
  const placed = placeDockerfile({
    text: packaging.text,
    own,
    kept,
    files,
    folders,
    spare: selection.has(spare) ? null : spare,
    known: sources !== 'whole',
  });
  const sizes = await sizesOf([...files, ...placed.files], request.tree);
  const asFiles = (chosen: readonly ContextFile[], empty: readonly string[]) =>
    contextFiles(inOrder(chosen), empty, sizes, request.tree);
  return {
    context: {
      ...asFiles(placed.files, placed.folders),
      key: `${service.repository}:${service.context}:${packaging.dockerfilePath}`,
      apart: { files: asFiles(files, folders), dockerfile: Buffer.from(packaging.text) },
    },
    dockerfile: placed.dockerfile,
    scope: selection.everything ? 'whole' : 'pruned',
  };
}

const inOrder = (files: readonly ContextFile[]): readonly ContextFile[] =>
  [...files].sort((a, b) => byBytes(a.path, b.path));

const EVERYTHING: ReadSelection = { everything: true, has: () => true };

/** `spare`: a name that is not taken, of which is to be known whether a file there would be read. */
async function whatIsRead(
  files: readonly ContextFile[],
  spare: string,
  { sources, tree }: ContextRequest,
): Promise<ReadSelection> {
  if (sources === 'whole') return EVERYTHING;
  const candidate: ContextFile = {
    path: spare,
    mode: '100644',
    blob: '',
    origin: { kind: 'bytes', content: Buffer.alloc(0) },
  };
  return selectRead(sources, [...files, candidate], (link) => targetOf(link, tree));
}

async function filesBelowContext({
  service,
  commit,
  tree,
  packaging,
}: ContextRequest): Promise<readonly ContextFile[]> {
  const { overlay } = packaging;
  const hidden = (path: string): boolean =>
    overlay !== null && pathBelow(overlay.folder, joinPath(service.context, path)) !== null;
  const tracked = (await tree.list(commit, service.context)).filter(({ path }) => !hidden(path));
  const central = (overlay?.files ?? []).flatMap((file): ContextFile[] => {
    const path = pathBelow(service.context, joinPath(overlay?.folder ?? '', file.path));
    return path === null ? [] : [{ ...file, path, origin: { kind: 'bytes', content: file.content } }];
  });
  const files = [...tracked.map((entry): ContextFile => ({ ...entry, origin: { kind: 'tree' } })), ...central];
  for (const { path } of files) safePath(path);
  return files;
}

/** The artifact takes the place of whatever is at its path, or in the way to it. */
function withArtifact(
  files: readonly ContextFile[],
  artifact: ContextRequest['artifact'],
  context: string,
): readonly ContextFile[] {
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
  return [...others, { path, mode: '100644', blob: `sha256:${sha256}`, origin: { kind: 'file', file, size } }];
}

/** Folders of the tree that stay although nothing in them does: Docker sends those too, unless they are excluded themselves. */
function emptyFolders(
  all: readonly ContextFile[],
  files: readonly ContextFile[],
  stays: (folder: string) => boolean,
): string[] {
  const filled = new Set(files.flatMap(({ path }) => foldersAbove(path)));
  const others = new Set(all.flatMap(({ path }) => foldersAbove(path)).filter((folder) => !filled.has(folder)));
  const staying = [...others].filter(stays);
  const above = new Set(staying.flatMap(foldersAbove));
  const taken = new Set(files.map(({ path }) => path));
  return staying.filter((folder) => !above.has(folder) && !isBelowFile(folder, taken)).sort(byBytes);
}

function isBelowFile(folder: string, files: ReadonlySet<string>): boolean {
  return folder !== '' && (files.has(folder) || isBelowFile(parentOf(folder), files));
}

async function targetOf({ origin, blob }: ContextFile, tree: Tree): Promise<string> {
  if (origin.kind === 'bytes') return origin.content.toString();
  const parts: Buffer[] = [];
  for await (const { chunks } of tree.blobs([blob])) for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts).toString();
}
