/** An engine that asks for more of a context than our reading of the Dockerfile says, and Dockerfiles that we cannot read. */
import { said, useFakeStage, type FakeStage } from '../../support/fake-stage.js';

const open = useFakeStage();

const auto = { repository: 'abc/app', includedRegions: 'auto' };
const dockerfile = 'FROM scratch\nCOPY a /a\n';
const files = { 'docker/Dockerfile': dockerfile, a: '1', b: '1' };
const changed = ['build included-path-changed'];
const passedOver = ['skip no-included-path-changed'];

const metricsOf = async ({ slipway }: FakeStage) => (await slipway.request('GET', '/metrics')).body;

describe('a build that is asked for more than its Dockerfile seems to read', () => {
  test('says so, and from then on the whole context counts, until the Dockerfile changes', async () => {
    const stage = await open({ services: { app: auto } });
    const { engine } = stage.fakes;
    engine.asks(['a']);
    await stage.begin(files);
    expect(said(await stage.push({ b: '2' }))).toEqual(passedOver);

    engine.asks(['a', 'b']);
    const build = await stage.ended(await stage.push({ a: '2' }));
    const log = await stage.slipway.logOf(build.id);
    expect(log).toContain('Warning: The engine asked for b, which nothing in the Dockerfile seems to read.');
    expect(await metricsOf(stage)).toContain('slipway_misreads_total 1');

    await stage.slipway.stop();
    await stage.slipway.start();
    expect(said(await stage.push({ b: '3' }))).toEqual(changed);
    await stage.slipway.quiet();
    // The whole context is in the fingerprint too: nothing is reused.
    expect((await stage.builds()).at(-1)).toMatchObject({ status: 'succeeded', outcome: 'built' });
    expect(await metricsOf(stage)).toContain('slipway_misreads_total 0');

    engine.asks(['a']);
    await stage.ended(await stage.push({ 'docker/Dockerfile': `${dockerfile}LABEL a=b\n` }));
    expect(said(await stage.push({ b: '4' }))).toEqual(passedOver);
  });

  test('says so also where the engine refuses it', async () => {
    const stage = await open({ services: { app: auto } });
    stage.fakes.engine.asks(['a', 'b']);
    await stage.begin({ ...files, 'docker/Dockerfile': `${dockerfile}RUN exit 1\n` });
    expect(await stage.builds()).toMatchObject([{ status: 'failed', error: { code: 'dockerfile-step-failed' } }]);
    expect(said(await stage.push({ b: '2' }))).toEqual(['build first-build']);
    expect(await metricsOf(stage)).toContain('slipway_misreads_total 1');
  });
});

describe('a Dockerfile that we cannot read', () => {
  const broken = 'FROM scratch\nCOPY a /a\nNONSENSE b\n';

  test('goes to the engine as it is, with the whole context, and fails with what the engine says', async () => {
    const stage = await open({ services: { app: { ...auto, includedRegions: [] } } });
    await stage.begin({ ...files, 'docker/Dockerfile': broken });
    const [build] = await stage.builds();
    expect(build).toMatchObject({
      status: 'failed',
      error: { code: 'dockerfile-invalid', message: 'Line 3: unknown instruction: NONSENSE', blame: 'dockerfile' },
    });
    const log = await stage.slipway.logOf(build?.id ?? null);
    expect(log).toMatch(/Context: 4 files, all of it \(the Dockerfile is not understood \(line 3: .*NONSENSE\)\)/);
  });

  test('makes every change of its context count', async () => {
    const stage = await open({ services: { app: auto } });
    await stage.begin(files);
    await stage.ended(await stage.push({ 'docker/Dockerfile': broken }));
    const { body } = await stage.slipway.post<{ decisions: { decision: string }[]; warnings?: { message: string }[] }>(
      '/api/v1/plan',
      {
        repository: 'abc/app',
        branch: 'main',
        base: await stage.tip(),
        head: await stage.repo.commit({ files: { b: '2' } }),
      },
    );
    expect(body.decisions).toMatchObject([{ decision: 'build' }]);
    expect(body.warnings?.[0]?.message).toMatch(/takes the whole context: the Dockerfile is not understood/);
  });
});
