/** Build contexts out of trees in memory. */
import type { ContextFiles } from '../../src/engine/contract.js';
import type { Service } from '../../src/model/service.js';
import { prepareContext, type ContextRequest, type PreparedContext } from '../../src/image/context/context.js';
import { packagingAt } from '../../src/image/packaging/packaging.js';
import { imageService, memoryCentral } from './image-service.js';
import { createMemoryTree, type MemoryFile } from './memory-tree.js';
import { inlineReading } from './reading.js';

const read = inlineReading.dockerfile;

type Files = Readonly<Record<string, MemoryFile>>;

interface Given {
  readonly files: Files;
  readonly settings?: Partial<Service>;
  readonly central?: Files;
  readonly sources?: readonly string[] | 'whole';
  readonly asked?: readonly string[];
  readonly artifact?: ContextRequest['artifact'];
}

/** The context of a service as it would be prepared, from a tree and central dockerfiles in memory. */
export async function prepare({
  files,
  settings,
  central = {},
  sources = 'whole',
  asked = sources === 'whole' ? [] : sources,
  artifact = null,
}: Given): Promise<PreparedContext> {
  const tree = createMemoryTree({ c: files });
  const service = imageService(settings);
  const packaging = await packagingAt({ service, commit: 'c', tree, central: memoryCentral(central), read });
  const request = { service, commit: 'c', tree, packaging, sources, asked, artifact };
  return prepareContext(request, inlineReading.context);
}

/** Path → content; of a link `-> ` and its target. */
export async function contents({ context }: PreparedContext): Promise<Record<string, string>> {
  const all: Record<string, string> = {};
  for await (const { entry, chunks } of context.open(context.entries)) {
    const parts: Buffer[] = [];
    for await (const chunk of chunks) parts.push(chunk);
    const text = Buffer.concat(parts).toString();
    expect(Buffer.byteLength(text)).toBe(entry.size);
    all[entry.path] = entry.mode === '120000' ? `-> ${text}` : text;
  }
  return all;
}

export const pathsIn = ({ entries }: ContextFiles) => Array.from(entries, ({ path }) => path);
export const paths = ({ context }: PreparedContext) => pathsIn(context);
