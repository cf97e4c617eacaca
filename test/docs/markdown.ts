import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The repository's root: Jest runs there. */
export const root = process.cwd();

/** Documentation for users and contributors, as paths below the root. */
export async function documents(): Promise<readonly string[]> {
  const docs = (await readdir(join(root, 'docs'))).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`);
  return ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', ...docs.sort()];
}

export const read = (file: string): Promise<string> => readFile(join(root, file), 'utf8');

export interface CodeBlock {
  readonly language: string;
  /** What follows the language: `yaml fragment`. */
  readonly note: string;
  readonly text: string;
}

/** The fenced blocks of a document, in order. Fences in lists may be indented; their text is taken without the indentation. */
export function codeBlocks(markdown: string): readonly CodeBlock[] {
  const fences = /^( *)```([\w-]*) *(.*)\n([\s\S]*?)^\1```$/gm;
  return [...markdown.matchAll(fences)].map(([, indent = '', language = '', note = '', text = '']) => ({
    language,
    note: note.trim(),
    text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  }));
}

/** The cells of a table's rows, its head left out: that of the section with the given heading. */
export function tableOf(markdown: string, heading: string): readonly (readonly string[])[] {
  const start = markdown.search(new RegExp(`^#+ ${heading}$`, 'm'));
  if (start < 0) throw new Error(`there is no heading ${heading}`);
  const rows = markdown
    .slice(start)
    .split('\n')
    .slice(1)
    .join('\n')
    .split(/^#/m, 1)[0]
    ?.split('\n')
    .filter((row) => row.startsWith('|'));
  return (rows ?? []).slice(2).map((row) =>
    row
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('\\|', '|')),
  );
}

/** The anchors that a document's headings have on the pages of a git host. */
export function anchors(markdown: string): ReadonlySet<string> {
  const plain = markdown.replaceAll(/^( *)```[\s\S]*?^\1```$/gm, '');
  return new Set([...plain.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading)));
}

function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}
