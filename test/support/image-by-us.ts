import { createEngine } from '../../src/engine/docker/engine.js';
import { prepareContext, type PreparedContext } from '../../src/image/context/context.js';
import { packagingAt } from '../../src/image/packaging/packaging.js';
import { buildRequest, engineHost, never, realClock } from './engine.js';
import { imageService, memoryCentral } from './image-service.js';
import { keptLog } from './kept-log.js';
import { createMemoryTree, type MemoryFile } from './memory-tree.js';
import { inlineReading } from './reading.js';

const read = inlineReading.dockerfile;

const options = { host: engineHost(), tls: null, credentials: null, clock: realClock, log: keptLog() };

/** The same engine, which is given contexts in each of the two ways. */
export const engines = {
  sync: createEngine({ ...options, transport: 'sync' }),
  archive: createEngine({ ...options, transport: 'archive' }),
};

/** Builds files as a service's commit is built, from no layer that is there already, and gives the image that name. Resolves with what was sent. */
export async function imageByUs(
  repository: string,
  files: Readonly<Record<string, MemoryFile>>,
  transport: keyof typeof engines,
  tag: string,
): Promise<PreparedContext> {
  const service = imageService({ repository });
  const tree = createMemoryTree({ c: files });
  const packaging = await packagingAt({ service, commit: 'c', tree, central: memoryCentral({}), read });
  const { sources, asked } = await read(packaging.text, { buildArgs: service.buildArgs, target: service.target });
  const wanted = { service, commit: 'c', tree, packaging, sources, asked, artifact: null };
  const prepared = await prepareContext(wanted, inlineReading.context);
  const { context, dockerfile } = prepared;
  const request = buildRequest({}, { context, dockerfile, tag, noCache: true });
  await engines[transport].builder.build(request, () => undefined, never);
  return prepared;
}
