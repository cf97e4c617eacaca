/** slipwayBuild and slipwayDeploy as a Jenkinsfile uses them, on the Groovy that Jenkins has, against real servers. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openDeployingPages, type DeployingPages } from '../../support/deploying-pages.js';
import { dockerfile } from '../../support/fake-stage.js';
import { openJenkinsStage, type JenkinsStage } from '../../support/jenkins-stage.js';
import { tokens } from '../../support/pages-stage.js';
import { jenkinsParts, library } from '../../support/slipway-script.js';

interface Run {
  readonly code: string;
  readonly env?: Readonly<Record<string, string>>;
}
interface RunEnd {
  readonly result: Readonly<Record<string, string>> | null;
  readonly error: string | null;
  readonly console: string;
}

let building: JenkinsStage;
let deploying: DeployingPages;
let folder = '';
let head = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-steps-'));
  building = await openJenkinsStage();
  head = await building.push({ 'docker/Dockerfile': dockerfile, 'src/a.txt': '1' });
  deploying = await openDeployingPages();
});
afterAll(async () => {
  await building.close();
  await deploying.close();
  await rm(folder, { recursive: true, force: true });
});

/** Runs them one after the other, in one Groovy. */
async function steps(runs: readonly Run[], url: string, token: string): Promise<readonly RunEnd[]> {
  const file = join(folder, 'runs.json');
  const secrets = { 'slipway-token': token, other: 'wrong-token' };
  const given = runs.map(({ code, env = {} }) => ({ code, secrets, env: { SLIPWAY_URL: url, ...env } }));
  await writeFile(file, JSON.stringify(given));
  const java = ['-cp', jenkinsParts().groovy, 'groovy.ui.GroovyMain'];
  const harness = join(import.meta.dirname, '../../support/jenkins-steps.groovy');
  const words = ['-Dfile.encoding=UTF-8', '-Dsun.jnu.encoding=UTF-8', ...java, harness, library, file];
  const { stdout } = await promisify(execFile)('java', words, {
    env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' },
  });
  return JSON.parse(stdout) as RunEnd[];
}

test('slipwayBuild sends the jar of the run, prints the log and returns the image', async () => {
  const jar = join(folder, 'it\'s "a" jar.jar');
  await writeFile(jar, 'jar');
  const quoted = JSON.stringify(jar);
  const env = { GIT_BRANCH: 'origin/main', GIT_COMMIT: head, BUILD_TAG: 'jenkins-shop-1' };
  const hostile = 'x"; $(touch pwned) `$HOME` ${HOME}\n&é';
  const runs = [
    { code: `slipwayBuild(service: 'java', artifact: ${quoted}, version: '3.1')`, env },
    { code: `slipwayBuild service: 'app'`, env: { ...env, SLIPWAY_VERSION: '9', SLIPWAY_NO_WAIT: '1' } },
    { code: `slipwayBuild(service: 'app', branch: ${JSON.stringify(hostile).replaceAll('$', '\\$')})`, env },
    { code: `slipwayBuild(service: 'app', credentialsId: 'other')`, env },
    { code: `slipwayBuild(service: 'app', artefact: 'x.jar')`, env },
    { code: `slipwayBuild(artifact: 'x.jar')`, env },
    { code: `slipwayBuild(service: 'java', artifact: 'nowhere.jar')`, env },
    { code: `slipwayBuild(service: 'java', artifact: ${quoted}, version: '3.2', wait: false, key: 'k')`, env },
  ];
  const [built, skipped, branch, refused, misspelt, nothing, missing, begun] = await steps(
    runs,
    building.pages.at(''),
    'job-token',
  );
  const { image, ...more } = built?.result ?? {};
  expect(built?.error).toBeNull();
  expect(more).toMatchObject({ service: 'java', status: 'succeeded', outcome: 'built', branch: 'main', commit: head });
  expect(image).toBe(`java:${more['tag']}@${more['digest']}`);
  expect(more['tag']).toMatch(/^3\.1-/);
  expect(more['url']).toBe(building.pages.at(`/builds/${more['id']}`));
  expect(more).not.toHaveProperty('exit');
  expect(built?.console).toMatch(/^\[slipwayBuild java\]\nslipway: The build [\s\S]+Pushed java:3\.1/);
  expect(skipped?.result).toMatchObject({ status: 'skipped', image: expect.stringMatching(/^app:1\.0\S*@sha256:/) });
  expect(skipped?.result?.['message']).toMatch(/^Nothing to build for app: /);
  expect(branch?.error).toMatch(/^slipwayBuild: invalid-request: /);
  expect(refused?.error).toMatch(/^slipwayBuild: unauthorized: /);
  expect(misspelt?.error).toMatch(/^slipwayBuild has no option 'artefact'\. It has service, artifact, /);
  expect(nothing?.error).toBe('slipwayBuild needs service.');
  expect(missing?.error).toBe('slipwayBuild: --artifact: there is no file nowhere.jar that can be read.');
  expect(begun?.result).toMatchObject({ service: 'java', status: 'queued' });
});

test('slipwayDeploy deploys what the run was made of, or what is named, and fails with the reason', async () => {
  const tag = await deploying.release('one');
  const commit = await deploying.pages.stage.tip();
  const env = { GIT_COMMIT: commit, BUILD_TAG: 'jenkins-shop-2' };
  const runs = [
    { code: `slipwayDeploy(service: 'app', environment: 'staging')`, env },
    { code: `slipwayDeploy(service: 'app', environment: 'production', from: 'staging', reference: 'OPS-1')`, env },
    { code: `slipwayDeploy(service: 'app', environment: 'staging', release: 7)`, env },
    { code: `slipwayDeploy(service: 'app', environment: 'staging', release: 1, version: 'x')`, env },
    { code: `slipwayDeploy(service: 'app')`, env },
    { code: `slipwayDeploy(service: 'app', environment: 'production', version: '')`, env },
    {
      code: `slipwayDeploy(service: 'app', environment: 'staging', reason: '\$HOME \${SLIPWAY_TOKEN} \$\$', key: 'odd')`,
      env,
    },
  ];
  const [staged, produced, unknown, two, nowhere, empty, odd] = await steps(
    runs,
    deploying.pages.at(''),
    tokens.deploy,
  );
  expect(staged?.error).toBeNull();
  expect(staged?.result).toMatchObject({ status: 'succeeded', environment: 'staging', release: '1', tag, commit });
  expect(produced?.result).toMatchObject({ status: 'succeeded', environment: 'production', tag });
  expect((await deploying.deployments()).map(({ reference }) => reference)).toEqual([
    'jenkins-shop-2',
    'OPS-1',
    'jenkins-shop-2',
  ]);
  expect(odd?.error).toBeNull();
  expect((await deploying.deployments())[0]?.reason).toBe('$HOME ${SLIPWAY_TOKEN} $$');
  expect(unknown?.error).toMatch(/^slipwayDeploy: \S+: /);
  expect(two?.error).toBe('slipwayDeploy takes one of version, commit, branch, release, from.');
  expect(nowhere?.error).toBe('slipwayDeploy needs service and environment.');
  expect(empty?.error).toBe('slipwayDeploy: version is empty.');
});
