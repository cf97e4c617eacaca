import { Effort } from '../../effort.js';
import { SlipwayError } from '../../errors.js';
import { formats } from '../../config/formats.js';
import type { DockerfileReading } from '../../image/dockerfile/dockerfile.js';
import { passesThroughLink, tryIgnore } from '../../image/packaging/auto-regions.js';
import { createSourceFilter } from '../../image/packaging/source-filter.js';
import { readIgnoreRules, type IgnoreRule } from '../../patterns/ignore-rules.js';
import { packPaths } from '../../patterns/packed-paths.js';
import { joinPath, pathBelow } from '../../patterns/paths.js';
import { compilePathPattern, isPatternFault } from '../../patterns/pattern.js';
import { isLiteral, type ContextFiles } from './context-files.js';

/** Which changes of a repository make a service's image another one. */
export interface ProposedRegions {
  /** Null: everything in the service's folder, which is the default. Empty: every path. */
  readonly included: readonly string[] | null;
  readonly excluded: readonly string[];
  /** Why, for people. */
  readonly sentences: readonly string[];
}

export interface RegionsRequest {
  /** Null: it cannot be read. */
  readonly reading: DockerfileReading | null;
  /** Text of the .dockerignore in force, or null. */
  readonly ignore: string | null;
  /** Folder of the service; '' is the root. */
  readonly path: string;
  /** Build context; '' is the root. */
  readonly context: string;
  readonly files: ContextFiles;
}

/** Why something cannot be known or written as patterns. */
class Unsure extends TypeError {}

/**
 * The regions that the Dockerfile itself defines, as patterns: what it reads of the context, without what .dockerignore leaves out. If that
 * cannot be said exactly, the whole context.
 */
export async function proposeRegions(request: RegionsRequest): Promise<ProposedRegions> {
  try {
    return await exactRegions(request);
  } catch (error) {
    if (error instanceof Unsure) return wholeContext(request, error.message);
    if (error instanceof SlipwayError) return wholeContext(request, 'Its files take too long to compare.');
    throw error;
  }
}

function wholeContext({ path, context }: RegionsRequest, because: string): ProposedRegions {
  const included = path === context ? null : context === '' ? [] : [`${escaped(context)}/**`];
  return { included, excluded: [], sentences: [because, '`includedRegions: auto` asks the Dockerfile at each push.'] };
}

async function exactRegions(request: RegionsRequest): Promise<ProposedRegions> {
  const { context, files } = request;
  const sources = await knownSources(request);
  const patterns = sources.flatMap((source) => patternsOf(source, context, files));
  const included = [...new Set(patterns)].sort();
  const inside = files.below(context);
  const effort = Effort.forPaths(inside.length);
  const isRead = createSourceFilter(sources, effort);
  const isIgnored = tryIgnore(request.ignore ?? '', effort);
  const read = inside.filter(isRead);
  for (const source of sources.filter((one) => !isLiteral(one)))
    if (!inside.some(createSourceFilter([source], effort)))
      throw new Unsure(`It copies ${source}, which nothing in the repository is; ${fromElsewhere}.`);
  const ignored = read.filter(isIgnored);
  const rules = readIgnoreRules(request.ignore ?? '', effort);
  const excluded = ignored.length === 0 ? [] : excludedBy(rules, ignored, context);
  const [takes, leaves] = [matcherOf(included), matcherOf(excluded)];
  const counts = (path: string) => takes(joinPath(context, path)) && !leaves(joinPath(context, path));
  const kept = new Set(read);
  for (const path of ignored) kept.delete(path);
  if ([...kept].some((path) => !counts(path))) throw new Unsure('What it copies cannot be written as patterns.');
  const more = ignored.some(counts) ? ['Rules of .dockerignore with `!` are not written here; `auto` heeds them.'] : [];
  return { included, excluded, sentences: more };
}

/** What the Dockerfile reads of its context. */
async function knownSources({ reading, path, context, files }: RegionsRequest): Promise<readonly string[]> {
  if (reading === null) throw new Unsure('The Dockerfile cannot be read.');
  const { sources, wholeBecause, unresolvedBases, parents } = reading;
  if (sources === 'whole') throw new Unsure(sentence(wholeBecause ?? 'what it reads is not known'));
  if (unresolvedBases.length > 0) throw new Unsure('A base image depends on a variable.');
  const trigger = parents.find((image) => /onbuild/i.test(image));
  if (trigger !== undefined) throw new Unsure(`The base image ${trigger} may read anything.`);
  if (sources.includes('.'))
    throw new Unsure(`It copies its whole context${path === context ? '' : `, ${shown(context)}`}.`);
  if (sources.length === 0) throw new Unsure('It copies nothing of its context.');
  const links = files.links.flatMap((link) => pathBelow(context, link) ?? []);
  if (passesThroughLink({ sources, links: await packPaths(links) }))
    throw new Unsure('What it copies is a symbolic link or below one.');
  return sources;
}

export const shown = (folder: string): string => (folder === '' ? 'the whole repository' : folder);

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** Regions of what git does not have would miss the sources that it is made of. */
const fromElsewhere = 'if Jenkins brings it, set `artifact` and `trigger: artifact`';

/** A file, or a folder with all below it. */
function patternsOf(source: string, context: string, files: ContextFiles): readonly string[] {
  const folder = escaped(context);
  const path = joinPath(context, source);
  if (isLiteral(source)) {
    const text = joinPath(folder, escaped(source));
    if (files.has(path)) return [checked(text)];
    if (files.isFolder(path)) return [checked(`${text}/**`)];
    throw new Unsure(`It copies ${source}, which is not in the repository; ${fromElsewhere}.`);
  }
  if (/[[\]\\]/.test(source)) throw new Unsure('It copies by a pattern that is written otherwise here.');
  // Inside one segment `**` means the same as `*`.
  const text = joinPath(folder, escaped(source.replace(/\*{2,}/g, '*'), /[(){}!+@]/g));
  return [checked(text), checked(`${text}/**`)];
}

/** A path as a glob that matches it alone. */
function escaped(path: string, special = /[*?[\]\\(){}!+@]/g): string {
  return path.replace(special, '\\$&');
}

function checked(text: string): string {
  if (text.startsWith('regex:') || formats['path-pattern'](text) !== null)
    throw new Unsure('What it copies cannot be written as patterns.');
  return text;
}

/** The rules that leave out any of these paths. None if there are exceptions, or rules that a glob cannot say. */
function excludedBy(rules: readonly IgnoreRule[], ignored: readonly string[], context: string): readonly string[] {
  if (rules.some(({ exception, pattern }) => exception || !isSimple(pattern))) return [];
  const below = context === '' ? '' : `${escaped(context)}/`;
  const globs = rules.flatMap(({ pattern }) => [`${below}${pattern}`, `${below}${pattern}/**`]);
  const used = globs.filter((glob) => {
    const matches = matcherOf([checked(glob)]);
    return ignored.some((path) => matches(joinPath(context, path)));
  });
  return [...new Set(used)];
}

const isSimple = (pattern: string): boolean =>
  /^[\w./*?-]+$/.test(pattern) &&
  pattern.split('/').every((segment) => segment === '**' || !segment.includes('**')) &&
  !/(?:^|\/)\.{1,2}(?:\/|$)/.test(pattern);

function matcherOf(globs: readonly string[]): (path: string) => boolean {
  const patterns = globs.map(compilePathPattern).flatMap((pattern) => (isPatternFault(pattern) ? [] : pattern));
  return (path) => patterns.some(({ matches }) => matches(path));
}
