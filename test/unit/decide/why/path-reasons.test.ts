import { ChangedPaths } from '../../../../src/decide/changed-paths.js';
import { classify, MAX_SHOWN_PATHS } from '../../../../src/decide/regions.js';
import { countOfPaths, isAsDecided, pathReasons, wouldCount } from '../../../../src/decide/why/path-reasons.js';
import type { Reason } from '../../../../src/model/decision.js';
import { exactPattern } from '../../../../src/patterns/pattern.js';
import { configOf } from '../../../support/write-config.js';
import { must } from '../../../support/app.js';

const serviceOf = async (settings: string, defaults = '{}') => {
  const text = `
github: { webhookSecrets: [hook] }
registry: { host: registry.abc.net }
defaults: ${defaults}
services: { shop: { repository: abc/shop, ${settings} } }`;
  return must((await configOf(text)).services.get('shop'));
};

const sort = (regions: Parameters<typeof classify>[1], paths: string[], most?: number) =>
  classify(new ChangedPaths(paths), regions, [exactPattern('Dockerfile')], [exactPattern('compose.yaml')], most);

const lines = async (settings: string, paths: string[], defaults?: string) => {
  const service = await serviceOf(settings, defaults);
  return pathReasons(sort(service.regions, paths), service, 50).map(
    ({ path, counts, kind, by, setting }) => `${path} ${counts ? 'counts' : 'no'} ${kind} ${by} ${setting}`,
  );
};

test('each path has its pattern and the place of that in the configuration, those that count first', async () => {
  const settings = 'includedRegions: ["lib/**", "src/**"], excludedRegions: ["**/*.txt", "**/*.md"]';
  expect(await lines(settings, ['Dockerfile', 'compose.yaml', 'other', 'src/a', 'src/a.md'])).toEqual([
    'Dockerfile counts packaging (packaging) null',
    'src/a counts included src/** services.shop.includedRegions[1]',
    'src/a.md no excluded **/*.md services.shop.excludedRegions[1]',
    'compose.yaml no run-file compose.yaml null',
    'other no outside null null',
  ]);
});

test('the place is where the setting is written: with the service, or among the defaults', async () => {
  const defaults = '{ excludedRegions: ["**/*.md"] }';
  expect(await lines('path: services/shop', ['services/shop/a', 'services/shop/a.md'], defaults)).toEqual([
    'services/shop/a counts included services/shop/** services.shop.path',
    'services/shop/a.md no excluded **/*.md defaults.excludedRegions[0]',
  ]);
  expect(await lines('dockerfile: Dockerfile', ['a'])).toEqual(['a counts included (every path) null']);
});

test('derived regions are those of the setting as a whole; a .dockerignore is no setting', async () => {
  const service = await serviceOf('includedRegions: auto, excludedRegions: ["**/*.md"]');
  const of = (text: string, end: string) => ({ text, matches: (path: string) => path.endsWith(end) });
  const regions = { included: [of('src', '')], excluded: [of('.dockerignore', '.log'), ...service.regions.excluded] };
  expect(pathReasons(sort(regions, ['a', 'b.log', 'c.md']), service, 50)).toMatchObject([
    { path: 'a', by: 'src', setting: 'services.shop.includedRegions' },
    { path: 'b.log', by: '.dockerignore', setting: null },
    { path: 'c.md', by: '**/*.md', setting: 'services.shop.excludedRegions[0]' },
  ]);
});

test('as many are listed as are asked for, and all are counted', async () => {
  const service = await serviceOf('includedRegions: ["src/**"]');
  const paths = Array.from({ length: 70 }, (_, at) => `other/${String(at).padStart(2, '0')}`);
  const sorted = sort(service.regions, paths, 50);
  expect([countOfPaths(sorted), pathReasons(sorted, service, 50).length]).toEqual([70, 50]);
  expect(sort(service.regions, paths).outside.first).toHaveLength(MAX_SHOWN_PATHS);
});

test('a decision of another configuration is known by the paths that it lists', async () => {
  const { regions } = await serviceOf('includedRegions: ["src/**"], excludedRegions: ["**/*.md"]');
  const sorted = sort(regions, ['src/a.md']);
  const reason = (code: Reason['code'], paths: string[], patterns: string[]) => ({
    reason: { code, message: '', paths, patterns },
  });
  expect(isAsDecided(reason('only-excluded-paths-changed', ['src/a.md'], ['**/*.md']), sorted)).toBe(true);
  expect(isAsDecided(reason('only-excluded-paths-changed', ['src/a.md'], ['**/a*']), sorted)).toBe(false);
  expect(isAsDecided(reason('included-path-changed', ['src/a.md'], ['src/**']), sorted)).toBe(false);
  expect(isAsDecided(reason('no-change', [], []), sorted)).toBe(false);
  expect(isAsDecided(reason('settings-changed', [], []), sorted)).toBe(true);
});

test.each([
  ['included', 'src/**', 'It would count, because src/** includes it.'],
  ['included', '(every path)', 'It would count: every path of the repository does.'],
  ['packaging', '(packaging)', 'It would count, because it is packaging of the service.'],
  ['excluded', '**/*.md', 'It would not count, because **/*.md excludes it.'],
  ['run-file', 'compose.yaml', 'It would not count: it is a run file, and no image is made of it.'],
  ['outside', null, 'It would not count, because no included region has it.'],
] as const)('a path that is %s by %s', (kind, by, said) => {
  expect(wouldCount({ path: 'a', counts: true, kind, by, setting: null })).toBe(said);
});
