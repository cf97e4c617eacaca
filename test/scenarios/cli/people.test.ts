/** The commands for people, asked of a server that builds and deploys: their tables, their JSON, their exit codes and what they suggest. */
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../support/api-client.js';
import { useCli } from '../../support/cli.js';
import { commandLine, type CommandOptions } from '../../support/command-line.js';
import { openDeployingPages, type DeployingPages } from '../../support/deploying-pages.js';
import { tokens } from '../../support/pages-stage.js';

const program = useCli();
let stage: DeployingPages;
let [url, one, two] = ['', '', ''];

beforeAll(async () => {
  stage = await openDeployingPages();
  url = stage.pages.at('').replace(/\/$/, '');
  one = await stage.release('one');
  await stage.reached(await stage.ask({ environment: 'production', version: one }), 'succeeded');
  two = await stage.release('two');
  // Hosts are looked at a second after what happens there.
  await until('hosts to be seen', async () => (await run(`where app ${commitOf(one)}`)).stdout.includes('a, b'));
});
afterAll(() => stage.close());

const run = (words: string, { env, ...options }: CommandOptions = {}) =>
  commandLine(words.split(' '), { ...options, env: { SLIPWAY_URL: url, SLIPWAY_TOKEN: tokens.admin, ...env } });
/** As somebody at a terminal without colours sees it. */
const seen = (words: string) => run(words, { isTerminal: true, env: { NO_COLOR: '1' } });
const json = async <T = Record<string, unknown>>(words: string): Promise<T> =>
  JSON.parse((await run(`${words} --json`)).stdout) as T;
const commitOf = (tag: string) => tag.split('-').at(-1) ?? '';
const get = (path: string) => stage.pages.stage.slipway.get<Record<string, unknown>>(path);
/** Text with what changes from run to run replaced: times, ids, ports. */
const plain = (text: string) =>
  text
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'ID')
    .replace(/sha256:[0-9a-f]+/g, 'DIGEST')
    .replace(/\d+ s ago/g, 'N s ago')
    .replace(/\d\.\d s/g, 'N s')
    .replace(/\S+T\S+Z/g, 'TIME');
const newestBuild = async () => (await json<{ builds: { id: string }[] }>('builds')).builds[0]?.id ?? '';

test('services: state, image and reason, what has the word, and the next command for people alone', async () => {
  const line = `✓ built  app  main  ${two}  N s ago  1 path of the service changed: src/word.txt (every path).\n`;
  const piped = await run('services');
  expect({ ...piped, stdout: plain(piped.stdout) }).toEqual({ code: 0, stdout: line, stderr: '' });
  const { stdout, stderr } = await seen('services AP');
  expect(stdout.split('\n')[0]).toMatch(/^STATE +SERVICE +BRANCH +IMAGE +SINCE +WHY$/);
  expect(stderr).toBe('slipway why app\n');
  expect(await run('services nothing')).toEqual({ code: 0, stdout: '', stderr: 'No service has nothing.\n' });
  expect(await json('services')).toEqual(await get('/api/v1/overview'));
  expect((await run('services', { env: { FORCE_COLOR: '1' } })).stdout).toContain('\u001b[32m✓ built\u001b[39m');
  expect((await run('services', { isTerminal: true, env: { FORCE_COLOR: '1', NO_COLOR: '1' } })).stdout).not.toContain(
    '\u001b',
  );
});

test('builds, build and logs: newest first, one whole, and its log', async () => {
  const id = await newestBuild();
  const { stdout } = await run('builds app --branch main -n 1');
  expect(plain(stdout)).toBe(
    `✓ built  ID  app  main  ${two}  N s  N s ago  1 path of the service changed: src/word.txt (every path).\n`,
  );
  expect(await run('builds --failed')).toEqual({ code: 0, stdout: '', stderr: 'There is no such build.\n' });
  expect(await json('builds -n 1')).toEqual(await get('/api/v1/builds?limit=1'));
  const build = await seen(`build ${id}`);
  expect(plain(build.stdout)).toMatch(
    new RegExp(
      `^✓ app · main · ${commitOf(two)}  built ${two} in N s\nWhy        1 path of .*\nAsked by   push, ada, ID\nImage      app:${two}\n           app:main\nDigest     DIGEST\n`,
    ),
  );
  expect(build.stderr).toBe(`slipway logs ${id}\n`);
  expect(await json(`build ${id}`)).toEqual(await get(`/api/v1/builds/${id}`));
  const log = await run('logs app');
  expect(log).toEqual(await run(`logs ${id}`));
  expect(log.stdout).toContain(`Pushed app:${two}`);
  expect(await run('logs app --follow')).toEqual(log);
  expect(await run(`logs ${id} --failed`)).toMatchObject({ code: 1, stderr: 'slipway: No step of it failed.\n' });
  const none = 'slipway: No build, deployment or service is called nothing.\n';
  expect(await run('logs nothing')).toEqual({ code: 1, stdout: '', stderr: none });
  expect(await run('build nothing')).toMatchObject({
    code: 1,
    stderr: 'slipway: unknown-build: No build has the id "nothing".\n',
  });
});

test('why: the sentence, the paths, what was compared and asked, in one screen', async () => {
  const { stdout, stderr } = await seen('why app');
  const text = plain(stdout);
  expect(text).toContain(`✓ app · main · ${commitOf(two)}  built, N s ago\n`);
  expect(text).toMatch(
    /\nWhy {9}app was built at \w+, because src\/word\.txt changed.*\n +src\/word\.txt  included by \(every path\)\n/,
  );
  expect(text).toContain(`\nCompared    ${commitOf(one)} (${one}) .. ${commitOf(two)}, 2 paths\n`);
  expect(text).toContain('✓ a path of the service changed\n');
  expect(stdout.split('\n').length).toBeLessThan(40);
  expect(stderr).toMatch(/^slipway build /);
  expect(await run(`why app ${commitOf(two)} --branch main`)).toMatchObject({ code: 0, stderr: '' });
  expect(await json(`why app ${commitOf(one)}`)).toEqual(await get(`/api/v1/services/app/why/${commitOf(one)}`));
  expect(await run('why nothing')).toMatchObject({ code: 1, stdout: '' });
});

test('where, environments and containers: what runs where', async () => {
  const where = await run(`where app ${commitOf(one)}`);
  expect(plain(where.stdout)).toMatch(/^· no +staging +– +– .*\n✓ yes +production +1 +a, b +N s ago .*\n$/);
  expect((await seen(`where app ${two}`)).stderr).toBe(`slipway deploy app staging --version ${two} --dry-run\n`);
  expect(await json(`where app ${one}`)).toEqual(await get(`/api/v1/services/app/where?version=${one}`));
  expect((await run('environments')).stdout).toBe(`app  –  ${one} ↓1\n`);
  expect((await seen('environments app')).stdout).toMatch(/^SERVICE +STAGING +PRODUCTION\n/);
  const containers = await run('containers production b');
  expect(containers.stdout).toMatch(/^b +app\.production\.\w+ +running +app +1 +slipway\.local\/app:\w+\n$/);
  expect(await json<unknown[]>('containers production')).toHaveLength(2);
  expect(await run('containers nowhere')).toMatchObject({ code: 1, stdout: '' });
});

test('doctor: the checks of the server with what to do, and the webhooks', async () => {
  const { code, stdout } = await run('doctor');
  const names = stdout.split('\n').map((line) => /^[✓△✕] \S+(?: \S+)* {2,}(\S+)/.exec(line)?.[1]);
  const { checks } = await get('/api/v1/system');
  const known = (checks as { name: string; state: string }[]).map(({ name }) => name);
  expect(names.filter(Boolean)).toEqual(expect.arrayContaining([...known]));
  expect(stdout).toMatch(/^✓ well +engine$/m);
  expect(code).toBe((checks as { state: string }[]).some(({ state }) => state === 'fault') ? 1 : 0);
  expect(Object.keys(await json('doctor'))).toEqual(Object.keys(await get('/api/v1/system')));
});

test('deploy and rollback: what would happen, then its log and its end', async () => {
  const plan = await seen(`deploy app production --version ${two} --dry-run`);
  expect(plain(plan.stdout)).toMatch(
    /^Deploys  release 2 of app to production\nHosts    a: replace, \S+DIGEST → \S+DIGEST\n +environment\.WORD: one → two\n/,
  );
  expect(plan.stderr).toBe(`slipway deploy app production --version ${two} --wait\n`);
  const begun = await run(`deploy app production --version ${two} --reference OPS-1 --wait`);
  expect(begun.code).toBe(0);
  expect(begun.stdout).toMatch(/^✓ app in production: deployment \w+  succeeded/);
  expect(begun.stdout).toContain(`Release   2: ${two}, main ${commitOf(two)}\nBefore    1: ${one}\n`);
  expect(begun.stdout).toContain('deployer, OPS-1'.replace('deployer', 'adminer'));
  expect(begun.stderr).toContain(`200 ${two}`);
  const [id = ''] = /(?<=deployment )\w+/.exec(begun.stdout) ?? [];
  expect((await run(`logs ${id}`)).stdout).toBe(begun.stderr);
  expect(await run(`cancel ${id}`)).toMatchObject({ code: 1, stdout: '' });
  expect(await run(`retry ${id} --wait`)).toMatchObject({ code: 0 });
  const back = await run('rollback app production --wait');
  expect(back).toMatchObject({ code: 0 });
  expect(back.stdout).toMatch(/rollback \w+  succeeded/);
  expect(await json('deploy app production --release 1 --dry-run')).toMatchObject({
    release: 1,
    environment: 'production',
  });
  const wrong = 'slipway: Name one of --branch, --version, --commit, --release and --from.\n';
  expect(await run('deploy app production')).toEqual({ code: 2, stdout: '', stderr: wrong });
  expect(await run('deploy app production --release x')).toMatchObject({ code: 2 });
  expect(await run('deploy app nowhere --release 1')).toMatchObject({ code: 1, stdout: '' });
  const reader = await run('rollback app production', { env: { SLIPWAY_TOKEN: tokens.read } });
  expect(reader).toMatchObject({ code: 3, stdout: '' });
  expect(reader.stderr).toContain('lacks the scope "deploy"');
});

test('why nothing was built, and how to build it anyway', async () => {
  await stage.pages.stage.push({ 'docker/compose.yaml': 'services: {}\n' });
  await stage.pages.stage.slipway.quiet();
  const skipped = await seen('why app');
  expect(skipped.stdout).toMatch(/^– app · main · \w+  nothing to build/);
  expect(skipped.stderr).toMatch(/^To build it anyway: slipway rebuild app --commit \w{7}\n$/);
});

test('rebuild, retry and cancel: a build that fails ends the command with 1', async () => {
  const fine = await run('rebuild app --wait');
  expect(fine.code).toBe(0);
  expect(fine.stdout).toMatch(/^[✓↺] app · main/);
  expect(fine.stderr).toContain('Dockerfile: docker/Dockerfile');
  const asked = await seen('rebuild app --no-cache');
  expect(asked.stderr).toMatch(/^slipway logs \S+ --follow\n$/);
  await stage.pages.stage.slipway.quiet();
  const over = await run(`cancel ${await newestBuild()}`);
  expect(over).toMatchObject({ code: 1, stdout: '' });
  await stage.pages.stage.push({ 'docker/Dockerfile': 'FROM nowhere/none:1\n' });
  await stage.pages.stage.slipway.quiet();
  const failed = await newestBuild();
  expect((await run('builds --failed')).stdout).toContain(failed);
  expect((await run(`logs ${failed} --follow`)).code).toBe(1);
  expect((await seen(`build ${failed}`)).stderr).toBe(`slipway logs ${failed} --failed\n`);
  // It failed before any step of its own: all of the log says why.
  expect((await run(`logs ${failed} --failed`)).stdout).toContain('FAILED base-image-not-found');
  const again = await run(`retry ${failed} --wait --json`);
  expect(again.code).toBe(1);
  expect(JSON.parse(again.stdout)).toMatchObject({ status: 'failed', service: 'app' });
  expect(again.stderr).toBe('');
});

test('deliveries and replay; plan, graph and compose of the server', async () => {
  const { stdout } = await run('deliveries --repository abc/app -n 50');
  expect(plain(stdout)).toMatch(/N s ago  push ada +abc\/app +main +\w{7}  1 build +ID\n/);
  expect(await json('deliveries -n 2')).toEqual(await get('/api/v1/ledger?limit=2'));
  const { entries } = await json<{ entries: { delivery: { id: string } | null }[] }>('deliveries --repository abc/app');
  const heard = entries.flatMap(({ delivery }) => delivery?.id ?? []).at(-1) ?? '';
  expect(await run(`replay ${heard}`)).toMatchObject({ code: 0, stderr: '' });
  const plan = await run('plan --repository abc/app --branch main');
  expect(plan.stdout).toContain('SERVICE  REASON');
  expect(await run('plan')).toMatchObject({ code: 2, stderr: 'slipway: plan needs --repository and --branch.\n' });
  expect((await run('graph')).stdout).toBe('No image stands on the image of another service (1 services).\n');
  const file = await run('compose app --environment production --release 1');
  expect(file.stdout).toContain('WORD: "one"');
  expect((await run('open app')).stdout).toBe(`${url}/services/app\n`);
  expect((await run('open system')).stdout).toBe(`${url}/system\n`);
});

test('a shell completes commands, flags, and names that the server knows', async () => {
  process.env['SLIPWAY_URL'] = url;
  process.env['SLIPWAY_TOKEN'] = tokens.read;
  const names = async (...words: string[]) => (await program('complete', '--', ...words)).stdout;
  expect(await names('wh')).toMatch(/^why\t.*\nwhere\t/);
  expect(await names('why', 'a')).toMatch(/^app\t/);
  expect(await names('deploy', 'app', '')).toMatch(/^staging\t\nproduction\t/);
  expect(await names('builds', '--fa')).toMatch(/^--failed\t/);
  process.env['SLIPWAY_URL'] = 'http://127.0.0.1:65533';
  expect(await program('complete', '--', 'why', '')).toMatchObject({ code: 0, stderr: '' });
  delete process.env['SLIPWAY_URL'];
  delete process.env['SLIPWAY_TOKEN'];
});

test('a login is remembered for its owner alone, and is what is asked without being named', async () => {
  const home = await mkdtemp(join(tmpdir(), 'slipway-home-'));
  try {
    const file = join(home, '.config/slipway/hosts.yml');
    const env = { HOME: home };
    const login = await commandLine(['login', `${url}/`], { env: { ...env, SLIPWAY_TOKEN: tokens.read } });
    expect(login).toEqual({
      code: 0,
      stdout: '',
      stderr: `Logged in to ${url} as reader (read). The token is in ${file}.\n`,
    });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, 'utf8')).toContain(tokens.read);
    expect((await commandLine(['services'], { env })).stdout).toContain('app');
    const wrong = await commandLine(['login', url], { env: { ...env, SLIPWAY_TOKEN: 'wrong' } });
    expect(wrong.code).toBe(3);
    expect(await readFile(file, 'utf8')).not.toContain('wrong');
    await chmod(file, 0o644);
    const open = `slipway: Others can read ${file}, and it has tokens.\n`;
    expect(await commandLine(['services'], { env })).toEqual({ code: 1, stdout: '', stderr: open });
    await chmod(file, 0o600);
    await writeFile(file, '{');
    expect((await commandLine(['services'], { env })).stderr).toContain(`${file} cannot be read: `);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});

test('a wrong command line: exit code 2, and a word that was meant', async () => {
  const wrong = await run('wy app');
  expect(wrong).toEqual({ code: 2, stdout: '', stderr: "error: unknown command 'wy'\n(Did you mean why?)\n" });
  expect(await run('why')).toMatchObject({ code: 2, stdout: '' });
  expect(await run('builds -n 0')).toMatchObject({ code: 2, stderr: 'slipway: -n is a number from 1 to 200.\n' });
  const help = await run('--help');
  expect(help).toMatchObject({ code: 0, stderr: '' });
  expect(help.stdout).toContain('Exit codes: 0 ok, 1 failed, 2 usage, 3 not allowed, 4 not reachable.');
});
