/** What comes out of a repository takes a bounded share of memory, however large it is: read in a process of its own. */
import { startChild, type Child } from '../support/child.js';
import { commitOf, writeLarge, writeTree } from '../support/large-objects.js';
import { useGitHost } from './surroundings.js';

const on = useGitHost();
const MiB = 1024 * 1024;
/** In bytes. A tenth of it would show as well. */
const large = 100 * MiB;

/** What is made and dropped grows V8's nursery to 48 MiB once, whatever it is: a server has that from its first minute on. */
const smallNursery = '--max-semi-space-size=1';

/** Each step's answer, and the growth of the process in MiB. */
async function read(commits: Readonly<Record<string, string>>, ...steps: readonly string[]) {
  const cloneUrl = `file://${on.host.server.root}/{repository}.git`;
  const args = [cloneUrl, on.dir, JSON.stringify(commits), ...steps];
  const child = startChild(new URL('large-objects-child.ts', import.meta.url), args, { options: [smallNursery] });
  running.add(child);
  const complaint = await child.end();
  const answers = child.lines.map((line) => JSON.parse(line) as [string, unknown, number]);
  if (process.env['SHOW']) process.stderr.write(`${child.lines.join('\n')}\n${complaint}`);
  expect(answers.map(([step]) => step)).toEqual(steps);
  return {
    answers: Object.fromEntries(answers.map(([step, answer]) => [step, answer])),
    growth: Math.max(...answers.map(([, , growth]) => growth)),
  };
}

/** A test that failed does not wait for it. */
const running = new Set<Child>();
afterEach(async () => {
  await Promise.all([...running].map((child) => child.kill()));
  running.clear();
});

const small = () => on.repo.commit({ files: { Dockerfile: 'FROM a' } });

test('a file, a link and a central folder of a hundred million bytes', async () => {
  const zeros = await writeLarge(on.repo, { bytes: large });
  const app = await writeTree(on.repo, [`100644 blob ${zeros}\tDockerfile\0`]);
  const rows = [`100644 blob ${zeros}\tDockerfile\0`, `120000 blob ${zeros}\tlink\0`, `040000 tree ${app}\tapp\0`];
  const files = await commitOf(on.repo, await writeTree(on.repo, rows));
  await on.repo.branch('files', files);
  const commits = { small: await small(), files };
  const steps = ['file', 'read', 'link', 'outlines', 'central'];
  const { answers, growth } = await read(commits, ...(process.env['STEPS']?.split(',') ?? steps));
  if (process.env['STEPS']) return;
  expect(answers).toEqual({
    file: large,
    read: large,
    link: null,
    outlines: [{ paths: ['Dockerfile'], dockerfile: null }],
    central: 'dockerfile-invalid',
  });
  expect(growth).toBeLessThan(64);
}, 120_000);

test('a commit whose message has a hundred million bytes', async () => {
  const parent = await small();
  const tree = await on.repo.git('rev-parse', `${parent}^{tree}`);
  const begins = `tree ${tree}\nparent ${parent}\nauthor A <a@b> 5 +0000\ncommitter A <a@b> 6 +0000\n\n`;
  const message = await writeLarge(on.repo, { type: 'commit', begins, fill: 0x78, bytes: large });
  await on.repo.branch('message', message);
  const { answers, growth } = await read({ small: parent, message }, 'message', 'between', 'count');
  expect(answers).toEqual({ message: 65_536, between: [65_536], count: 2 });
  expect(growth).toBeLessThan(64);
}, 120_000);

test('a folder of three hundred thousand files', async () => {
  const first = await small();
  const blob = await on.repo.git('rev-parse', `${first}:Dockerfile`);
  const rows = function* () {
    for (let at = 0; at < 300_000; at += 1) yield `100644 blob ${blob}\tf${String(at).padStart(6, '0')}\0`;
  };
  const many = await commitOf(on.repo, await writeTree(on.repo, rows()), [first]);
  await on.repo.branch('many', many);
  const steps = ['below', 'many', 'changed', 'names'];
  const { answers, growth } = await read({ small: first, many }, ...steps);
  expect(answers).toEqual({ below: 6, many: 300_000, changed: 300_001, names: false });
  expect(growth).toBeLessThan(64);
}, 120_000);

test('ten billion files of which each folder is the same ten times', async () => {
  const first = await small();
  let tree = await on.repo.git('rev-parse', `${first}^{tree}`);
  for (let level = 0; level < 10; level += 1) {
    const below = tree;
    tree = await writeTree(
      on.repo,
      Array.from({ length: 10 }, (_, at) => `040000 tree ${below}\t${at}\0`),
    );
  }
  const bomb = await commitOf(on.repo, tree, [first]);
  await on.repo.branch('bomb', bomb);
  for (const step of ['bomb', 'bombChanged']) {
    const { answers, growth } = await read({ small: first, bomb }, step);
    expect(answers).toEqual({ [step]: 'repository-too-large' });
    expect(growth).toBeLessThan(64);
  }
}, 120_000);

test('a delta of a million steps', async () => {
  const { answers, growth } = await read({ small: await small() }, 'delta');
  expect(answers).toEqual({ delta: 1_500_000 });
  expect(growth).toBeLessThan(64);
}, 120_000);
