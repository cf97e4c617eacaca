/** A service that stands on another one's image, in a real registry. */
import { openStage, success, type Stage } from '../../support/stage.js';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
}, 60_000);

afterAll(() => stage?.close(), 60_000);

test('a new image of a base is pulled and built on, and the decision says so', async () => {
  const repo = await stage.repo('abc/stack');
  const onBase = `FROM ${stage.registry.host}/lib:main\nCOPY . /app/\nRUN cat /lib/words > /app/said\n`;
  const head = await repo.commit({
    files: {
      'lib/Dockerfile': `FROM ${stage.base}\nCOPY words /lib/words\n`,
      'lib/words': 'one',
      'app/Dockerfile': onBase,
      'app/main.txt': 'hi',
    },
  });
  const slipway = await stage.slipway({
    services: {
      app: { repository: 'abc/stack', path: 'app' },
      lib: { repository: 'abc/stack', path: 'lib' },
    },
  });
  const said = async () => (await (await stage.pushed('app', 'main')).files()).get('app/said')?.toString();
  await slipway.push('abc/stack', 'main', { after: head });
  await slipway.quiet();
  expect(await said()).toBe('one');

  // Another engine may have built the base: what this one has under the name is not to be trusted.
  await stage.forget(`${stage.registry.host}/lib`);
  const changed = await repo.commit({ files: { 'lib/words': 'two' } });
  const decisions = await slipway.push('abc/stack', 'main', { before: head, after: changed });
  const decided = decisions.map(({ service, decision, reason }) => [service, decision, reason.code]);
  expect(decided).toContainEqual(['lib', 'build', 'included-path-changed']);
  const lib = await success(slipway, decisions.find(({ service }) => service === 'lib')?.buildId ?? null);
  const [app] = await slipway.builds('&service=app');
  expect(app).toMatchObject({
    status: 'succeeded',
    commit: changed,
    trigger: { kind: 'base-image' },
    reason: { code: 'base-image-changed' },
  });
  expect(await said()).toBe('two');
  const { layers } = await stage.pushed('lib', lib.image?.digest ?? '');
  expect((await stage.pushed('app', 'main')).layers.slice(0, layers.length)).toEqual(layers);
}, 120_000);
