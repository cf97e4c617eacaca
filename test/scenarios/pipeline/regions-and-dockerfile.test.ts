/** Regions that a Dockerfile states itself, and written ones that it has outgrown. */
import { jest } from '@jest/globals';
import { said, useFakeStage, type FakeStage } from '../../support/fake-stage.js';

jest.setTimeout(90_000);

const open = useFakeStage();
const app = { repository: 'abc/app' };

const warningsOf = async ({ slipway }: FakeStage, deliveryId: string) =>
  (await slipway.get<{ warnings?: { service: string; message: string }[] }>(`/api/v1/deliveries/${deliveryId}`))
    .warnings;

/** The same where there are some: they are noted after the decisions, and no build waits for that. */
const notedWarnings = (stage: FakeStage, deliveryId: string) =>
  stage.until('warnings to be noted', () => warningsOf(stage, deliveryId));

describe('includedRegions: auto', () => {
  const auto = { ...app, includedRegions: 'auto', target: 'run' };
  const text = 'FROM scratch AS other\nADD other /\nFROM scratch AS run\nCOPY src conf/*.json /\n';

  test('builds where a path changes that the target reads, and nowhere else', async () => {
    const stage = await open({ services: { app: auto } });
    await stage.begin({ 'docker/Dockerfile': text, '.dockerignore': '**/*.md\n', 'other/a': '1', 'conf/a.json': '1' });
    const steps: readonly (readonly [Record<string, string>, string])[] = [
      [{ 'other/a': '2' }, 'skip no-included-path-changed'],
      [{ 'conf/deep/b.json': '1' }, 'skip no-included-path-changed'],
      [{ 'src/README.md': '1' }, 'skip only-excluded-paths-changed'],
      [{ 'conf/a.json': '2' }, 'build included-path-changed'],
      [{ 'src/deep/new.txt': '1' }, 'build included-path-changed'],
      [{ '.dockerignore': '**/*.txt\n' }, 'build included-path-changed'],
    ];
    for (const [files, expected] of steps) {
      const rows = await stage.push(files);
      expect(said(rows)).toEqual([expected]);
      await stage.slipway.quiet();
    }
  });

  test.each<[string, string, Record<string, string | { mode: '120000'; content: string }>, boolean]>([
    ['a base that the engine has and that triggers nothing', 'FROM plain:1\nCOPY src /\n', {}, false],
    ['a base with ONBUILD', 'FROM onbuild:1\nCOPY src /\n', {}, true],
    ['a base that the engine lacks', 'FROM elsewhere:1\nCOPY src /\n', {}, true],
    ['a base that a variable names', 'FROM $BASE\nCOPY src /\n', {}, true],
    ['a source that a variable names', 'FROM plain:1\nCOPY $OF_THE_BASE src /\n', {}, true],
    ['a frontend of its own', '# syntax=example/other\nFROM plain:1\nCOPY src /\n', {}, true],
    [
      'a source behind a link',
      'FROM plain:1\nCOPY link/x /\n',
      { link: { mode: '120000', content: 'elsewhere' } },
      true,
    ],
  ])('takes the whole context where less cannot be known: %s', async (_, dockerfile, files, whole) => {
    const stage = await open({ services: { app: { ...app, includedRegions: 'auto' } } });
    stage.fakes.engine.addImage('plain:1');
    stage.fakes.engine.addImage('onbuild:1', 'onbuild', { onbuild: true });
    const base = await stage.repo.commit({ files: { 'docker/Dockerfile': dockerfile, 'src/a': '1', ...files } });
    const head = await stage.repo.commit({ files: { 'elsewhere/x': '1' } });
    const { body } = await stage.slipway.post<{ decisions: { decision: string }[]; warnings?: { message: string }[] }>(
      '/api/v1/plan',
      { repository: 'abc/app', branch: 'main', base, head },
    );
    expect(body.decisions[0]?.decision).toBe(whole ? 'build' : 'skip');
    const message = expect.stringContaining('includedRegions: auto takes the whole context: ') as unknown;
    expect(body.warnings).toEqual(whole ? [{ service: 'app', message }] : undefined);
  });
});

describe('written regions', () => {
  const drifted = { ...app, includedRegions: ['src/**', 'source/**'] };
  const files = { 'docker/Dockerfile': 'FROM scratch\nCOPY src lib /\n', 'src/a': '1', 'lib/a': '1' };
  const warnings = [
    {
      service: 'app',
      message: 'The Dockerfile copies lib, but lib/a lies in no included region: changes there build nothing.',
    },
    { service: 'app', message: 'The included region source/** matches no file.' },
  ];

  test('that have drifted from the Dockerfile are reported in the ledger, the log and a plan, beside decisions of the same form', async () => {
    const stage = await open({ services: { app: drifted, fine: { ...app, includedRegions: ['src/**', 'lib/**'] } } });
    const after = await stage.repo.commit({ files });
    const id = await stage.slipway.deliver('abc/app', 'main', { after });
    const decisions = await stage.slipway.decisions(id);
    await stage.slipway.quiet();
    expect(await notedWarnings(stage, id)).toEqual(warnings);
    expect(Object.keys(decisions[0] ?? {}).sort()).toEqual(
      ['base', 'branch', 'buildId', 'decision', 'head', 'reason', 'service'].sort(),
    );
    const logged = () => stage.slipway.log.lines.filter(({ level }) => level === 'warn').map(({ message }) => message);
    await stage.until('the warnings to be logged', async () => logged().length >= warnings.length);
    expect(logged()).toEqual(warnings.map(({ message }) => message));
    const plan = await stage.slipway.post('/api/v1/plan', { repository: 'abc/app', branch: 'main' });
    expect(plan.body).toMatchObject({ warnings });
  });

  test('are held against what each push makes of the files and of the Dockerfile', async () => {
    const stage = await open({ services: { app: drifted } });
    const pushed = async (changes: Record<string, string>) => {
      const after = await stage.repo.commit({ files: changes });
      const id = await stage.slipway.deliver('abc/app', 'main', { after });
      await stage.slipway.decisions(id);
      await stage.slipway.quiet();
      return id;
    };
    const warned = async (changes: Record<string, string>) => notedWarnings(stage, await pushed(changes));
    expect(await warned(files)).toEqual(warnings);
    expect(await warned({ 'src/a': '2' })).toEqual(warnings);
    expect(await warned({ 'source/b': '1' })).toEqual(warnings.slice(0, 1));
    const last = await pushed({ 'source/b': '2', 'docker/Dockerfile': 'FROM scratch\nCOPY src /\n' });
    // By then those of the push before would have been noted.
    expect(await warned({ 'docker/Dockerfile': 'FROM scratch\nCOPY src lib /\n' })).toEqual(warnings.slice(0, 1));
    expect(await warningsOf(stage, last)).toBeUndefined();
  });

  test('are held against what the Dockerfile reads on that branch', async () => {
    const service = { ...app, includedRegions: ['conf/main.json'], branches: ['main', 'develop'] };
    const stage = await open({ services: { app: service } });
    const dockerfile = 'FROM scratch\nARG SLIPWAY_BRANCH\nCOPY conf/$SLIPWAY_BRANCH.json /\n';
    const conf = { 'conf/main.json': '1', 'conf/develop.json': '1' };
    const after = await stage.repo.commit({ files: { 'docker/Dockerfile': dockerfile, ...conf } });
    await stage.repo.branch('develop', after);
    const pushed = async (branch: string) => {
      const id = await stage.slipway.deliver('abc/app', branch, { after });
      await stage.slipway.decisions(id);
      await stage.slipway.quiet();
      return id;
    };
    const onMain = await pushed('main');
    const message = expect.stringContaining('copies conf/develop.json, but') as unknown;
    expect(await notedWarnings(stage, await pushed('develop'))).toEqual([{ service: 'app', message }]);
    expect(await warningsOf(stage, onMain)).toBeUndefined();
  });

  test('that fit it are not spoken of', async () => {
    const stage = await open({ services: { app: { ...app, includedRegions: ['src/**', 'lib/**'] } } });
    const after = await stage.repo.commit({ files });
    const id = await stage.slipway.deliver('abc/app', 'main', { after });
    await stage.slipway.decisions(id);
    await stage.slipway.quiet();
    expect(await warningsOf(stage, id)).toBeUndefined();
    const plan = await stage.slipway.post('/api/v1/plan', { repository: 'abc/app', branch: 'main' });
    expect(Object.keys(plan.body)).toEqual(['decisions']);
  });
});
