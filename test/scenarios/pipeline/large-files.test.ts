/** Files that are too large to be read are decided on all the same, and the build says what is wrong. */
import { dockerfile, said, useFakeStage } from '../../support/fake-stage.js';

const open = useFakeStage();
const large = `${dockerfile}${'#'.repeat(1_048_576)}`;

test.each([
  ['Dockerfile', 'docker/Dockerfile', dockerfile, large, 'The Dockerfile docker/Dockerfile has 1,048,598 bytes'],
  ['.dockerignore', '.dockerignore', 'x\n', '#'.repeat(262_145), 'The .dockerignore .dockerignore has 262,145 bytes'],
])('a %s', async (_, path, good, tooLarge, words) => {
  const regions = { includedRegions: ['src/**'] };
  const stage = await open({
    services: { app: { repository: 'abc/app', version: { value: '1.0' }, ...regions } },
  });
  await stage.begin({ [path]: good });
  for (const content of [tooLarge, `${tooLarge}#`]) {
    const decided = await stage.push({ [path]: content });
    expect(said(decided)).toEqual(['build included-path-changed']);
    expect(await stage.ended(decided)).toMatchObject({ status: 'failed', error: { code: 'dockerfile-invalid' } });
  }
  const [failed] = (await stage.builds()).slice(1);
  expect(failed?.error).toMatchObject({ message: expect.stringContaining(words) as string, blame: 'dockerfile' });
  expect(said(await stage.push({ [path]: good }))).toEqual(['skip no-change']);
});

test('a file that is too large for a version', async () => {
  const stage = await open({ services: { app: { repository: 'abc/app' } } });
  const commit = await stage.begin({ VERSION: ' '.repeat(1_048_577), 'package.json': '{"version":"2.0.1"}' });
  const [build] = await stage.builds();
  expect(build?.image?.tags[0]).toBe(`2.0.1-1-${commit.slice(0, 7)}`);
  expect(build).toMatchObject({
    version: { value: '2.0.1', from: 'package.json' },
    warnings: [{ service: 'app', message: expect.stringContaining('VERSION states no version') as string }],
  });
  const log = await stage.slipway.logOf(build?.id ?? null);
  expect(log).toContain('VERSION states no version: it has 1,048,577 bytes; the limit is 1,048,576.');
  expect(log).toContain('Version 2.0.1 (package.json).');
});
