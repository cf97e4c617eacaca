import { ownInit } from '../../../../src/pipeline/deploy/own-init.js';
import { deployStage, imageOf, kept } from '../../../support/deploy-stage.js';
import type { Parameters } from '../../../../src/model/parameters.js';

const given = (over: Partial<Parameters>, entrypoint: readonly string[] | null) =>
  ownInit({ ...kept(1, { init: true }).parameters, ...over }, { entrypoint });

test.each<[string, Partial<Parameters>, readonly string[] | null, string | null]>([
  ['of s6-overlay', {}, ['/init'], '/init'],
  ['in a folder', {}, ['/usr/bin/tini', '--', 'serve'], '/usr/bin/tini'],
  ['by its name', {}, ['dumb-init', 'serve'], 'dumb-init'],
  ['of the run file', { entrypoint: ['docker-init', '--'] }, ['serve'], 'docker-init'],
  ['that the run file replaces', { entrypoint: ['serve'] }, ['/init'], null],
  ['as the command', { command: ['/sbin/init'] }, null, '/sbin/init'],
  ['as an argument of another program', { command: ['/init'] }, ['serve'], null],
  ['while the engine starts none', { init: false }, ['/init'], null],
  ['by another path', {}, ['/app/init'], null],
  ['of no image', {}, null, null],
])('an init %s', (_, over, entrypoint, expected) => {
  expect(given(over, entrypoint)).toBe(expected);
});

test('a deployment warns of an image that starts an init itself', async () => {
  const stage = await deployStage(['a']);
  try {
    const id = await stage.ask(1, { specification: kept(1, { init: true }) });
    stage.hosts.get('a')?.offer(imageOf(1), { Entrypoint: ['/init'] });
    const { status, warnings } = await stage.attempt(id);
    expect([status, warnings.filter((one) => one.includes('init'))]).toEqual([
      'succeeded',
      [
        'The image starts an init itself (/init), and `init: true` starts one before it. Write `init: false` into the run file.',
      ],
    ]);
  } finally {
    await stage.close();
  }
});
