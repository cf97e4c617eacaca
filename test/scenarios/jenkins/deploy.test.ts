/** slipway.sh deploys on a real server, and says how that ended. */
import { openDeployingPages, type DeployingPages } from '../../support/deploying-pages.js';
import { resultOf, shells, startScript, type Shell } from '../../support/slipway-script.js';
import { tokens } from '../../support/pages-stage.js';

let stage: DeployingPages;
let [one, two] = ['', ''];

beforeAll(async () => {
  stage = await openDeployingPages();
  one = await stage.release('one');
  two = await stage.release('two');
});
afterAll(() => stage.close());

const run = (words: readonly string[], shell: Shell = 'dash', env: Readonly<Record<string, string>> = {}) =>
  startScript(
    ['deploy', '--service', 'app', ...words],
    { SLIPWAY_URL: stage.pages.at(''), SLIPWAY_TOKEN: tokens.deploy, ...env },
    shell,
  ).ended;

test.each(shells)('%s: prints the log and ends when the release runs everywhere', async (shell) => {
  const reference = `A "quoted"\n\\ticket$(x) of ${shell}, é`;
  const words = ['--environment', 'production', '--version', shell === 'bash' ? two : one, '--reference', reference];
  const { code, stdout, stderr } = await run(words, shell, { BUILD_TAG: `job-${shell}` });
  const [deployment] = await stage.deployments();
  const tag = deployment?.release.tag ?? '';
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(`^${tag}@sha256:[0-9a-f]+\n$`) });
  expect(deployment).toMatchObject({ status: 'succeeded', reference, release: { tag: shell === 'bash' ? two : one } });
  const { body: log } = await stage.pages.stage.slipway.request('GET', `/api/v1/deployments/${deployment?.id}/log`);
  expect(stderr).toContain(log);
  expect(stderr).toMatch(/\nslipway: app in production: release \d, .+\n$/);
  expect(await run(words, shell, { BUILD_TAG: `job-${shell}` })).toMatchObject({ code: 0, stdout });
  expect((await stage.deployments())[0]?.id).toBe(deployment?.id);
});

test('a release by its number, and what runs elsewhere', async () => {
  const { stdout } = await run(['--environment', 'staging', '--release', '2', '--report']);
  const [deployment] = await stage.deployments();
  expect(resultOf(stdout)).toMatchObject({
    ...{ exit: '0', status: 'succeeded', service: 'app', environment: 'staging', release: '2', tag: two },
    ...{ id: deployment?.id, url: stage.pages.at(`/deployments/${deployment?.id}`) },
  });
  const { code } = await run(['--environment', 'production', '--from', 'staging', '--reason', 'It works there.']);
  expect(code).toBe(0);
  expect((await stage.deployments())[0]).toMatchObject({ reason: 'It works there.', release: { tag: two } });
});

test('what cannot be deployed ends it with 1, and what a token may not with 3', async () => {
  const nowhere = await run(['--environment', 'nowhere', '--release', '1']);
  expect(nowhere).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('unknown-environment: ') });
  const builder = await run(['--environment', 'staging', '--release', '1'], 'dash', { SLIPWAY_TOKEN: tokens.build });
  expect(builder).toMatchObject({ code: 3, stderr: expect.stringContaining('lacks the scope "deploy"') });
});

test('a deployment that fails ends it with 1, the reason, the host, and who is to act', async () => {
  const three = await stage.release('three');
  stage.hosts.answer('another version');
  const { code, stderr } = await run(['--environment', 'production', '--version', three]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/\nslipway: The deployment \S+ is \S+: \S+ at a: .+ To act: \w+\.\n$/);
});
