/** Releases on real parts: git over HTTP, a Docker Engine, a registry. */
import { openStage, success, type Stage } from '../../support/stage.js';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
}, 60_000);

afterAll(() => stage?.close(), 60_000);

interface ReleaseRow {
  readonly number: number;
  readonly branch: string;
  readonly commit: string;
  readonly image: { readonly digest: string };
  readonly runFile: {
    readonly path: string | null;
    readonly commit: string | null;
    readonly overlays: readonly string[];
  };
}

test('a build makes a release, another run file one without a build, another branch one of the same image', async () => {
  const repo = await stage.repo('abc/releases');
  const first = await repo.commit({
    files: {
      'docker/Dockerfile': `FROM ${stage.base}\nCOPY . /srv/\n`,
      'docker/compose.yaml': 'services: { app: { ports: ["8080:8080"] } }',
      'a.txt': '1',
    },
  });
  const settings = {
    repository: 'abc/releases',
    image: 'releases',
    branches: ['main', 'release/*'],
    version: { value: '1.0' },
  };
  const slipway = await stage.slipway({ services: { app: settings } });
  const releases = async () =>
    (await slipway.get<{ releases: ReleaseRow[] }>('/api/v1/releases/app')).releases.reverse();
  const push = async (branch: string, after: string) => {
    const [decision] = await slipway.push('abc/releases', branch, { after });
    if (decision?.buildId) await success(slipway, decision.buildId);
    return `${decision?.decision} ${decision?.reason.code}`;
  };

  expect(await push('main', first)).toBe('build first-build');
  const digest = (await stage.pushed('releases', 'main')).digest;
  const runFile = { source: 'application', path: 'docker/compose.yaml', commit: first, overlays: [] };
  expect(await releases()).toMatchObject([{ number: 1, branch: 'main', commit: first, image: { digest }, runFile }]);

  const second = await repo.commit({
    files: {
      'docker/compose.yaml': 'services: { app: { ports: ["8888:8080"] } }',
      'docker/compose.production.yaml': 'services: { app: { mem_limit: 1g } }',
    },
  });
  expect(await push('main', second)).toBe('skip only-run-file-changed');
  expect((await releases()).slice(1)).toMatchObject([
    { number: 2, commit: second, image: { digest }, runFile: { commit: second, overlays: ['production'] } },
  ]);

  const third = await repo.commit({ files: {}, message: 'Change nothing' });
  expect(await push('main', third)).toBe('skip only-run-file-changed');
  expect(await releases()).toHaveLength(2);

  await repo.branch('release/1', third);
  expect(await push('release/1', third)).toBe('build first-build');
  expect((await releases()).slice(2)).toMatchObject([
    { number: 3, branch: 'release/1', commit: third, image: { digest }, runFile: { commit: third } },
  ]);
  expect((await slipway.builds()).map(({ outcome }) => outcome)).toEqual(['reused', 'built']);
}, 60_000);
