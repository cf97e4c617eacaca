import { deployStage, kept, type DeployStage } from '../../../support/deploy-stage.js';

let stage: DeployStage;
beforeEach(async () => {
  stage = await deployStage();
  for (const host of stage.hosts.values()) host.program(['crash'], { exit: 1 });
});
afterEach(() => stage.close());

/** The log of a deployment without times. */
const linesOf = async (id: string): Promise<readonly string[]> =>
  (await stage.logOf(id))
    .trimEnd()
    .split('\n')
    .map((line) => line.slice(line.indexOf(' ') + 1));
const count = (lines: readonly string[], part: string): number => lines.filter((line) => line.includes(part)).length;

test('the log says how a deployment ended, and that nothing was to be done', async () => {
  expect((await linesOf((await stage.deploy(1)).id)).at(-1)).toBe('succeeded');
  expect(await linesOf((await stage.deploy(1, { id: 'again', specification: kept(1) })).id)).toContain(
    'succeeded: nothing had to be done',
  );
});

test('a container that takes no place is started, not replaced', async () => {
  const first = await linesOf((await stage.deploy(1)).id);
  expect(first).toContain('a | start: it does not run');
  expect(await linesOf((await stage.deploy(2)).id)).toContain('a | replace: another container runs in its place');
});

test('the way back has its release in the log', async () => {
  await stage.deploy(1);
  const { id } = await stage.deploy(2, { specification: kept(2, { command: ['crash'] }) });
  const lines = await linesOf(id);
  const turn = lines.indexOf('going back to release 1');
  expect(lines[turn - 1]).toMatch(/^a \| Host a: the container ended/);
  expect(lines.at(-1)).toBe('rolled-back');
});

test('a deployment without anything to go back to says so', async () => {
  const { id } = await stage.deploy(1, { specification: kept(1, { command: ['crash'] }) });
  const lines = await linesOf(id);
  expect(lines).toContain('going back: nothing ran before');
  expect(lines.at(-1)).toBe('failed');
});

test('a host that stays away is in the log once, in whole sentences', async () => {
  stage.hosts.get('b')?.setAway(true);
  const lines = await linesOf((await stage.deploy(1)).id);
  expect([count(lines, 'Trying again.'), count(lines, 'The host is left out')]).toEqual([1, 1]);
  expect(lines.filter((line) => /[^.] (Trying again|The host is left out)/.test(line))).toEqual([]);
});
