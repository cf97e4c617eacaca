/** Services whose images stand on each other, on real git and a real store. */
import { jest } from '@jest/globals';
import { said, useFakeStage, type FakeStage } from '../../support/fake-stage.js';

const open = useFakeStage();
// Whole stories: up to a dozen builds and looks, each with its own calls of git.
jest.setTimeout(90_000);

const HOST = 'registry.test:5000';

type Layout = Readonly<Record<string, string>>;

/** Services of one repository, each in the folder of its name with a Dockerfile that begins FROM what is given. */
async function stageOf(layout: Layout, settings: Readonly<Record<string, object>> = {}): Promise<FakeStage> {
  const names = Object.keys(layout);
  const services = Object.fromEntries(
    names.map((name) => [name, { repository: 'abc/app', path: name, branches: ['main'], ...settings[name] }]),
  );
  return open({ services, config: { engine: { host: 'unix:///nowhere.sock', concurrency: 4 } } });
}

const dockerfiles = (layout: Layout): Record<string, string> =>
  Object.fromEntries(
    Object.entries(layout).flatMap(([name, from]) => [
      [`${name}/Dockerfile`, `FROM ${from}\nCOPY . /${name}\n`],
      [`${name}/src`, '1'],
    ]),
  );

const on = (name: string, tag = 'main') => `${HOST}/${name}:${tag}`;
const diamond: Layout = { top: on('left'), left: on('base'), right: on('base'), base: 'scratch' };

/** The fake engine reads single-stage files: the second base of `top` is copied from. */
const diamondFiles = () => ({
  ...dockerfiles(diamond),
  'top/Dockerfile': `FROM ${on('left')}\nCOPY --from=${on('right')} /x /y\nCOPY . /top\n`,
});

/** Services of the images that the engine made, in the order in which it finished them; from the given count on. */
const made = ({ fakes }: FakeStage, from = 0): (string | undefined)[] =>
  fakes.engine.builds.slice(from).map(({ request }) => request.labels['dev.slipway.service']);

const warnings = ({ slipway }: FakeStage) => slipway.log.lines.filter(({ level }) => level === 'warn');

describe('a push that changes bases and dependents', () => {
  test('builds each once, bases first, whatever the order of the services', async () => {
    const stage = await stageOf(diamond);
    await stage.push(diamondFiles());
    await stage.slipway.quiet();
    expect(made(stage)).toEqual([
      'base',
      expect.stringMatching(/left|right/),
      expect.stringMatching(/left|right/),
      'top',
    ]);

    await stage.push({ 'base/src': '2', 'top/src': '2' });
    await stage.slipway.quiet();
    expect(made(stage, 4)).toEqual([
      'base',
      expect.stringMatching(/left|right/),
      expect.stringMatching(/left|right/),
      'top',
    ]);
    const tip = await stage.tip();
    for (const name of Object.keys(diamond)) expect(stage.madeFrom('main', name)).toBe(tip);
  });
});

describe('a new image of a base', () => {
  test('reaches every dependent once, in order, on the new digest', async () => {
    const stage = await stageOf(diamond);
    await stage.begin(diamondFiles());
    const rows = await stage.push({ 'base/src': '2' });
    expect(said(rows)).toEqual([
      'skip no-included-path-changed',
      'skip no-included-path-changed',
      'skip no-included-path-changed',
      'build included-path-changed',
    ]);
    await stage.slipway.quiet();
    expect(made(stage, 4)).toEqual([
      'base',
      expect.stringMatching(/left|right/),
      expect.stringMatching(/left|right/),
      'top',
    ]);
    const [top] = await stage.slipway.builds('&service=top');
    expect(top).toMatchObject({
      trigger: { kind: 'base-image' },
      reason: { code: 'base-image-changed' },
      status: 'succeeded',
    });
    const baseline = await stage.slipway.running.store.builds.baseline('top', 'main');
    expect(baseline?.inputs.bases).toEqual({
      [on('left')]: stage.fakes.fake.state('left')['main'],
      [on('right')]: stage.fakes.fake.state('right')['main'],
    });
  });

  test('concerns nobody where it is the image that was there before', async () => {
    const stage = await stageOf({ app: on('base'), base: 'scratch' });
    await stage.begin(dockerfiles({ app: on('base'), base: 'scratch' }));
    await stage.push({ 'base/src': '2' });
    await stage.slipway.quiet();
    await stage.push({ 'base/src': '1' });
    await stage.slipway.quiet();
    expect(made(stage)).toEqual(['base', 'app', 'base', 'app']);
    const [app] = await stage.slipway.builds('&service=app');
    expect(app).toMatchObject({ outcome: 'reused', reason: { code: 'base-image-changed' } });
  });

  test('is what a dependent waited for that could not be built without it', async () => {
    const layout = { app: on('base'), base: 'scratch' };
    const stage = await stageOf(layout);
    const files = dockerfiles(layout);
    const [app] = await stage.push({ ...files, 'base/Dockerfile': 'FROM scratch\nRUN exit 1\n' });
    await stage.slipway.quiet();
    expect(await stage.slipway.build(app?.buildId ?? null)).toMatchObject({
      status: 'failed',
      error: { code: 'base-image-not-found' },
    });
    await stage.push({ 'base/Dockerfile': files['base/Dockerfile'] ?? '' });
    await stage.slipway.quiet();
    expect(made(stage)).toEqual(['base', 'app']);
    expect(stage.madeFrom('main', 'app')).toBe(await stage.tip());
  });

  test('reaches a branch that was built by hand alone', async () => {
    const layout = { app: on('base'), base: 'scratch' };
    const stage = await stageOf(layout, { app: { branches: ['main', 'release/*'] } });
    const head = await stage.begin(dockerfiles(layout));
    await stage.repo.branch('release/1', head);
    await stage.slipway.post('/rebuild/app', { branch: 'release/1' });
    await stage.slipway.quiet();
    await stage.push({ 'base/src': '2' });
    await stage.slipway.quiet();
    const [app] = await stage.slipway.builds('&service=app&branch=release/1');
    expect(app).toMatchObject({ trigger: { kind: 'base-image' }, status: 'succeeded', commit: head });
  });

  test('does not concern a service with cascade: false', async () => {
    const layout = { app: on('base'), base: 'scratch' };
    const stage = await stageOf(layout, { app: { cascade: false } });
    await stage.push({ 'base/Dockerfile': 'FROM scratch\n', 'base/src': '1' });
    await stage.slipway.quiet();
    await stage.push(dockerfiles(layout));
    await stage.slipway.quiet();
    const before = made(stage).length;
    await stage.push({ 'base/src': '2' });
    await stage.slipway.quiet();
    expect(made(stage, before)).toEqual(['base']);
  });

  test('is seen through build arguments, and in a stage that is only copied from', async () => {
    const layout = { app: 'scratch', base: 'scratch', tools: 'scratch' };
    const stage = await stageOf(layout, { app: { buildArgs: { BASE: `${HOST}/base`, TOOLS: on('tools') } } });
    const text = `ARG BASE\nARG TOOLS\nFROM \${BASE}:main AS one\nFROM scratch\nARG TOOLS\nCOPY --from=one /x /x\nRUN --mount=from=$TOOLS,target=/t echo\nCOPY . /app\n`;
    await stage.push(dockerfiles(layout));
    await stage.slipway.quiet();
    const files = { 'app/Dockerfile': text };
    await stage.push(files);
    await stage.slipway.quiet();
    const edges = await stage.slipway.running.store.bases.under('app', 'main');
    expect(edges.map(({ reference }) => reference)).toEqual([on('base'), on('tools')]);
  });
});

describe('services that stand on each other', () => {
  test.each<[string, Layout, RegExp]>([
    ['two', { a: on('b'), b: on('a') }, /b \(main\) → a \(main\) → b \(main\)|a \(main\) → b \(main\) → a \(main\)/],
    ['one on itself', { a: on('a') }, /a \(main\) → a \(main\)/],
  ])('come to rest, and the circle is named: %s', async (_, layout, circle) => {
    const stage = await stageOf(layout);
    const plain = Object.fromEntries(Object.keys(layout).map((name) => [name, 'scratch']));
    await stage.begin(dockerfiles(plain));
    const count = Object.keys(layout).length;
    await stage.push(dockerfiles(layout));
    await stage.slipway.quiet();
    await stage.push({ 'a/src': '2' });
    await stage.slipway.quiet();
    expect(warnings(stage).some(({ message }) => circle.test(message))).toBe(true);
    expect(made(stage).length).toBeLessThanOrEqual(count * 4);
    const plan = await stage.slipway.post<{ warnings: { message: string }[] }>('/api/v1/plan', {
      repository: 'abc/app',
      branch: 'main',
    });
    expect(plan.body.warnings.some(({ message }) => circle.test(message))).toBe(true);
    const graph = await stage.slipway.get<{ cycles: string[][] }>('/api/v1/graph');
    expect(graph.cycles.map((cycle) => cycle.join(' → '))).toEqual([expect.stringMatching(circle)]);
    const settled = made(stage).length;
    await stage.push({ 'README.md': 'x' });
    await stage.slipway.quiet();
    expect(made(stage)).toHaveLength(settled);
  });
});
