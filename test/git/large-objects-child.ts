/**
 * Reads large objects in a process of its own, and prints for each step the result and by how many MiB the process has grown at most
 * since it began to read. Arguments: the clone address, a folder for mirrors, a JSON object of commits, and the names of the steps.
 */
import { createGitHost } from '../../src/git/host/host.js';
import { applyDelta } from '../../src/git/pack/delta.js';
import { createGitCentral } from '../../src/image/packaging/central.js';
import { quietLog, realClock } from './surroundings.js';

const [cloneUrl = '', dir = '', commits = '{}', ...steps] = process.argv.slice(2);
const { small, files, message, many, bomb } = JSON.parse(commits) as Record<string, string>;
const host = createGitHost({ cloneUrl, token: null, dir, env: process.env, clock: realClock, log: quietLog });
const { remote, history, tree } = host.mirror('abc/app');

const limit = 1024 * 1024;
const sizeOf = async (path: string) => (await tree.follow(files ?? '', path, limit))?.size ?? null;

const reading: Readonly<Record<string, () => Promise<unknown>>> = {
  file: () => sizeOf('Dockerfile'),
  read: async () => (await tree.read(files ?? '', 'Dockerfile', limit))?.size,
  link: () => sizeOf('link'),
  message: async () => (await history.info(message ?? '')).message.length,
  between: async () => (await history.between(small ?? '', message ?? '')).map((commit) => commit.message.length),
  count: () => history.count(message ?? ''),
  many: async () => (await tree.list(many ?? '', '')).length,
  changed: async () => (await history.changedPaths(small ?? '', many ?? '')).length,
  below: async () => (await tree.follow(many ?? '', 'f000007', limit))?.size,
  names: () => tree.sameNames(small ?? '', many ?? ''),
  bomb: () => tree.list(bomb ?? '', ''),
  bombChanged: () => history.changedPaths(small ?? '', bomb ?? ''),
  delta: async () => applyDelta(Buffer.alloc(0), deltaOf(1_500_000), 4_000_000)?.length,
  central: async () => (await (await createGitCentral(host.mirror('abc/app'), 'files').current()).files('app')).length,
  outlines: async () => [
    ...(await (await createGitCentral(host.mirror('abc/app'), 'files').current()).outlines(['app'])).values(),
  ],
};

/** A delta of that many steps that add a byte each. */
function deltaOf(steps: number): Buffer {
  const sizes = Buffer.from([
    0,
    0x80 | (steps & 0x7f),
    0x80 | ((steps >> 7) & 0x7f),
    0x80 | ((steps >> 14) & 0x7f),
    steps >> 21,
  ]);
  return Buffer.concat([sizes, Buffer.alloc(2 * steps, Buffer.from([1, 0x78]))]);
}

const most = () => process.resourceUsage().maxRSS / 1024;

await host.prepare();
await remote.fetch([small ?? '', ...[files, message, many, bomb].flatMap((commit) => commit ?? [])]);
await tree.list(small ?? '', '');
await history.info(small ?? '');
const before = most();
for (const step of steps) {
  const answer = await reading[step]?.().catch((error: { readonly code?: unknown }) => String(error.code ?? error));
  process.stdout.write(`${JSON.stringify([step, answer, Math.round(most() - before)])}\n`);
}
