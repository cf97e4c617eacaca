/**
 * Random `.dockerignore` files on random trees: what we send is what the client of Docker 28 sends, and both refuse the same lines. Older
 * engines read some lines in another way, so it needs that version: `IGNORE_SEED=… IGNORE_CASES=2000 npm run test:engine -- 28
 * dockerignore-differential` repeats a run, or does more of it.
 */
import { SlipwayError } from '../../../src/errors.js';
import { pathsByClient } from '../../support/client-batch.js';
import { pathsByUs, type ContextPaths } from '../../support/context-paths.js';
import { askedVersion } from '../../support/docker-client.js';
import { randomIgnores, type RandomIgnore } from '../../support/random-ignore.js';
import { threadedReading } from '../../support/reading.js';

const count = Number(process.env['IGNORE_CASES'] ?? 200);
const seed = Number(process.env['IGNORE_SEED'] ?? Date.now() % 1_000_000_000);

const reading = threadedReading();
afterAll(() => reading.close());

/** A file whose path a line that is tried at all is tried on. */
const filesOf = ({ paths, lines }: RandomIgnore) => ({
  ...Object.fromEntries(paths.map((path) => [path, ''])),
  Dockerfile: 'FROM scratch\nCOPY . /\n',
  '.dockerignore': lines.join('\n'),
});

/** Files and folders, or the line that is refused. */
async function ours(one: RandomIgnore): Promise<ContextPaths | string> {
  try {
    return await pathsByUs(filesOf(one), reading);
  } catch (error) {
    if (error instanceof SlipwayError && error.code === 'dockerfile-invalid') return error.message;
    throw error;
  }
}

/** Docker refuses a wrong escape when it first tries the line. So alone, after a line that excludes everything if it is an exception. */
function alone({ paths, lines }: RandomIgnore, refusal: string): RandomIgnore {
  const line = lines.join('\n').split('\n')[Number(/line (\d+)/.exec(refusal)?.[1]) - 1] ?? '';
  return { paths, lines: [...(/!/.test(line) ? ['**'] : []), line] };
}

interface Difference extends RandomIgnore {
  readonly ours: ContextPaths | string;
  readonly theirs: ContextPaths | string;
}

async function differences(cases: readonly RandomIgnore[], counts: Record<string, number>): Promise<Difference[]> {
  const all = await Promise.all(cases.map(async (one) => ({ ...one, ours: await ours(one) })));
  const [sent, refused] = [
    all.filter((one) => typeof one.ours !== 'string'),
    all.filter((one) => typeof one.ours === 'string'),
  ];
  const found: Difference[] = [];
  const seen = await pathsByClient(sent.map(filesOf));
  for (const [index, one] of sent.entries()) {
    const theirs = seen[index] ?? 'nothing';
    // The client puts the lines into a header of gRPC, which takes no control characters.
    if (typeof theirs === 'string' && theirs.includes('header key "exclude-patterns"')) continue;
    counts['sent'] = (counts['sent'] ?? 0) + 1;
    if (JSON.stringify(theirs) !== JSON.stringify(one.ours)) found.push({ ...one, theirs });
  }
  for (const one of refused) {
    counts['refused'] = (counts['refused'] ?? 0) + 1;
    const [theirs = ''] = await pathsByClient([filesOf(one)]);
    if (typeof theirs === 'string') continue;
    counts['refused when tried'] = (counts['refused when tried'] ?? 0) + 1;
    const [tried = ''] = await pathsByClient([filesOf(alone(one, String(one.ours)))]);
    if (typeof tried !== 'string') found.push({ ...one, theirs });
  }
  return found;
}

const cases = askedVersion < 28 ? [] : randomIgnores(seed, count);

(cases.length > 0 ? test : test.skip)(
  'random .dockerignore files mean the same to us and to Docker 28',
  async () => {
    process.stderr.write(`Random .dockerignore files: IGNORE_SEED=${seed} IGNORE_CASES=${count}\n`);
    const counts: Record<string, number> = {};
    const found: Difference[] = [];
    for (let at = 0; at < cases.length && found.length < 20; at += 40)
      found.push(...(await differences(cases.slice(at, at + 40), counts)));
    process.stderr.write(`Compared: ${JSON.stringify(counts)}\n`);
    expect(found).toEqual([]);
  },
  60_000 + count * 2_000,
);
