import type { KeptRunFile } from '../../../../src/model/release.js';
import { head } from '../../../contracts/store-samples.js';
import { nothing, openDeploying, ticket, type TestDeploying } from '../../../support/deploying.js';
import { keptRunFile } from '../../../support/effective.js';

let under: TestDeploying;
beforeEach(async () => {
  under = await openDeploying();
});
afterEach(() => under.close());

const plan = (release: number) =>
  under.deploying.plan({ service: 'web', environment: 'production', target: { ...nothing, release }, force: false });
const fileOf = (line: string): KeptRunFile => keptRunFile(`services:\n  web:\n    ${line}\n`);
const deployed = async (release: number) => under.ends(await under.deploying.deploy(ticket({ release }), null));

describe('an image that starts an init itself', () => {
  const inits = (warnings: readonly string[]) => warnings.filter((one) => one.includes('starts an init itself'));
  const entrypoint = { Entrypoint: ['/init'] };
  /** A release of such an image. */
  const release = async (runFile = fileOf('ports: ["8080:80"]')) => {
    const { digest } = under.registry.upload('web', 'main', 'content', entrypoint);
    return under.release(head('a'), { digest, runFile });
  };

  test('is warned of, also on the way back to it, and its registry is asked once', async () => {
    const number = await release();
    const warning =
      'The image starts an init itself (/init), and `init: true` starts one before it. Write `init: false` into the run file.';
    expect(inits((await plan(number)).warnings)).toEqual([warning]);
    await deployed(number);
    await deployed(await under.release(head('b')));
    const back = { service: 'web', environment: 'production', release: null, useKept: false };
    expect(inits((await under.deploying.planRollback(back)).warnings)).toEqual([warning]);
    expect(under.registry.transcript.filter((line) => line.startsWith('config'))).toHaveLength(1);
  });

  test.each(['init: false', 'entrypoint: [app]'])(
    'is not warned of with `%s`, and no registry is asked',
    async (line) => {
      expect(inits((await plan(await release(fileOf(line)))).warnings)).toEqual([]);
      expect(under.registry.transcript).toEqual([]);
    },
  );

  test('is said by the run file’s entrypoint, too', async () => {
    await under.release(head('a'), { runFile: fileOf('entrypoint: [tini, --, app]') });
    expect(inits((await plan(1)).warnings)).toEqual([expect.stringContaining('(tini)')]);
  });

  test('is not spoken of while the registry is away, and is once it is back', async () => {
    const number = await release(fileOf('command: [/init]'));
    under.registry.setAway(true);
    expect(inits((await plan(number)).warnings)).toEqual([]);
    under.registry.setAway(false);
    expect(inits((await plan(number)).warnings)).toHaveLength(1);
  });
});
