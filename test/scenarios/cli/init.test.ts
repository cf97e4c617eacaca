/** `slipway init`: what it finds, what it writes, and that a server can start with each of these files. */
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkOut } from '../../support/checkout.js';
import { git } from '../../support/git.js';
import { texts, useInit } from '../../support/init.js';

const { folder, run, place, output, load, written, only } = useInit();

describe('what it finds', () => {
  test('Dockerfiles of docker folders, of folders, and variants, each with a name of its own', async () => {
    const copies = 'FROM scratch\nCOPY src /src\n';
    const { config, text, said } = await written({
      'docker/Dockerfile': copies,
      Dockerfile: copies,
      'src/a': '',
      'services/web/docker/Dockerfile': copies,
      'services/web/docker/compose.yaml': 'services: { web: { image: web } }',
      'services/web/src/a': '',
      'services/web/Dockerfile.debug': copies,
      'tools/web/worker.Dockerfile': copies,
      'tools/web/Dockerfile': copies,
      'vendor/x/Dockerfile': copies,
      'a/Dockerfile.j2': copies,
      'empty/Dockerfile': '\n',
      'a/Dockerfile.dockerignore': '',
    });
    const services = [...config.services.values()].map(({ name, path, dockerfile }) => [name, path, dockerfile]);
    expect(services).toEqual([
      ['shop', '', null],
      ['abc-shop', '', 'Dockerfile'],
      ['web', 'services/web', null],
      ['web-debug', 'services/web', 'services/web/Dockerfile.debug'],
      ['tools-web', 'tools/web', null],
      ['web-worker', 'tools/web', 'tools/web/worker.Dockerfile'],
    ]);
    expect(said).toContain('Left out: vendor/x/Dockerfile, since it is below vendor.\n');
    expect(said).toContain('Left out: a/Dockerfile.j2, since its ending is that of another kind of file.\n');
    expect(said).toContain('Left out: empty/Dockerfile, since it is empty.\n');
    expect(text).toContain('  # services/web/docker/compose.yaml says how it is run.\n');
    const sketch = text.replaceAll(/^( *)# (environments:|  |deploy:)/gm, '$1$2');
    expect((await load(sketch)).services.get('web')?.deploy?.environments).toEqual(['staging']);
  });

  test('the context is where the files are that a Dockerfile copies', async () => {
    const { config } = await written({
      'docker/web/Dockerfile': 'FROM scratch\nCOPY src/web /web\n',
      'docker/all/Dockerfile': 'FROM scratch\nCOPY . .\n',
      'src/web/a': '',
    });
    const web = config.services.get('web');
    expect([web?.path, web?.context, texts(web?.regions.included)]).toEqual(['docker/web', '', ['src/web/**']]);
    expect([config.services.get('all')?.context, config.services.get('all')?.regions.included]).toEqual(['', []]);
  });

  test('a base image of the same registry is named', async () => {
    const files = { 'base/Dockerfile': 'FROM scratch', 'app/Dockerfile': 'FROM 127.0.0.1:5000/base:main' };
    expect((await written(files)).text).toContain('  # It stands on base, and is built again');
    const { stdout } = await run(await checkOut(place(), files), '-o', '-', '--registry', 'registry.abc.net');
    expect(stdout).not.toContain('stands on');
    expect((await load(stdout)).registry.host).toBe('registry.abc.net');
  });

  test('several folders, and a folder inside a repository', async () => {
    const one = await checkOut(place(), { Dockerfile: 'FROM scratch', 'a/Dockerfile': 'FROM scratch' });
    const two = await checkOut(place(), { Dockerfile: 'FROM scratch' }, { origin: 'git@github.com:abc/cart.git' });
    const { stdout } = await run(join(one, 'a'), two, '--output', '-');
    const services = [...(await load(stdout)).services.values()];
    expect(services.map(({ name, repository }) => [name, repository])).toEqual([
      ['a', 'abc/shop'],
      ['cart', 'abc/cart'],
    ]);
  });

  test('nothing is an error that says what counts', async () => {
    const empty = await checkOut(place(), { 'README.md': '' });
    await writeFile(join(empty, 'Dockerfile'), 'FROM scratch');
    const message = 'slipway: No Dockerfile was found. Only files that `git add` has taken count.\n';
    expect(await run(empty)).toEqual({ code: 1, stdout: '', stderr: message });
  });
});

describe('regions', () => {
  const source = { 'src/a.js': '', 'src/a.md': '', 'package.json': '' };

  test('what COPY, ADD and bind mounts read, less .dockerignore', async () => {
    const dockerfile =
      'FROM scratch AS a\nCOPY --from=b /x /x\nCOPY src ./src\nADD package.json .\nFROM a AS b\nRUN --mount=type=bind,source=tools true\n';
    const { regions } = await only(dockerfile, {
      ...source,
      ...{ 'tools/a': '', '.dockerignore': '**/*.md\nunused\n' },
    });
    expect(texts(regions?.regions.included)).toEqual(['package.json', 'src/**', 'tools/**']);
    expect(texts(regions?.regions.excluded)).toEqual(['**/*.md']);
  });

  test.each([
    ['FROM scratch\nCOPY . .', {}, 'It copies its whole context.'],
    ['FROM debian\nCOPY $Y .', {}, 'A source depends on a variable'],
    ['FROM debian:$TARGETARCH\nCOPY src .', {}, 'A base image depends on a variable.'],
    ['FROM node:8-onbuild\nCOPY src .', {}, 'The base image node:8-onbuild may read anything.'],
    ['FROM scratch', {}, 'It copies nothing of its context.'],
    ['FROM scratch\nCOPY s[a-z]c .', {}, 'It copies by a pattern that is written otherwise here.'],
    ['# syntax=else/frontend\nFROM scratch\nCOPY src .', {}, "The frontend else/frontend is not Docker's own"],
    ['no Dockerfile at all', {}, ''],
    ['FROM scratch\nCOPY src target/app.jar .', {}, 'It copies target/app.jar, which is not in the repository'],
    ['FROM scratch\nCOPY src build/*.jar ./', {}, 'It copies build/*.jar, which nothing in the repository is'],
  ])('of %j are not derived, and the file says why', async (dockerfile, files, why) => {
    const { text, regions } = await only(dockerfile, { ...source, ...files });
    expect(regions?.regions).toMatchObject({ included: [], excluded: [] });
    expect(text).not.toContain('\n    includedRegions');
    expect(text).toContain(`# Dockerfile: ${why}`);
    expect(text).toContain('`includedRegions: auto` asks the Dockerfile at each push.');
  });

  test('the docker folder is the context if what is copied lies there', async () => {
    const files = { 'docker/Dockerfile': 'FROM scratch\nCOPY start.sh /\n', 'docker/start.sh': '', 'src/a': '' };
    const { stdout } = await run(await checkOut(place(), files), '-o', '-');
    expect(stdout).toContain('\n    context: "docker"\n    includedRegions:\n      - "docker/start.sh"\n');
  });

  test('a symbolic link is not followed', async () => {
    const repository = await checkOut(place(), { Dockerfile: 'FROM scratch\nCOPY link .\n', 'src/a': '' });
    await symlink('src', join(repository, 'link'));
    await git(repository, ['add', '--all']);
    expect((await run(repository, '-o', '-')).stdout).toContain('is a symbolic link or below one');
  });

  test('exceptions of .dockerignore count as read', async () => {
    const ignore = '*\n!src\nsrc/*.md\n';
    const { text, regions } = await only('FROM scratch\nCOPY src .\n', { ...source, '.dockerignore': ignore });
    expect(texts(regions?.regions.included)).toEqual(['src/**']);
    expect(regions?.regions.excluded).toEqual([]);
    expect(text).toContain('Rules of .dockerignore with `!` are not written here');
  });

  test('globs of COPY match what they match there', async () => {
    const { regions } = await only('FROM scratch\nCOPY *.json {a}.txt /\n', { ...source, '{a}.txt': '' });
    const [file] = regions?.regions.included.filter(({ matches }) => matches('{a}.txt')) ?? [];
    expect(file?.text).toBe('\\{a\\}.txt');
    expect(regions?.regions.included.some(({ matches }) => matches('package.json'))).toBe(true);
    expect(regions?.regions.included.some(({ matches }) => matches('src/package.json'))).toBe(false);
  });
});

describe('odd names', () => {
  test.each([
    ['two words', 'two-words'],
    ['Ünï', 'uni'],
    ['日本', 'service'],
    ['null', 'null'],
    ['true', 'true'],
    ['007', '007'],
    ['- a: {b', 'a-b'],
    ['#x', 'x'],
    ['${HOME}', 'home'],
    ['$${x', 'x'],
    ['a"b\\c', 'a-b-c'],
    ['line\nfeed', 'line-feed'],
    ['*.{a,b}', 'a-b'],
    ['[x]', 'x'],
    ["it's", 'it-s'],
    ['__proto__', 'proto'],
    ['constructor', 'constructor'],
    ['x'.repeat(200), 'x'.repeat(128)],
    ['\u0085\u2028\u202e', 'service'],
  ])('a folder called %j', async (name, service) => {
    const { config } = await written({ [`${name}/Dockerfile`]: 'FROM scratch\nCOPY src .', [`${name}/src/a`]: '' });
    const found = config.services.get(service);
    expect(found?.path).toBe(name);
    expect(found?.regions.included.every(({ matches }) => matches(`${name}/src/a`))).toBe(true);
    expect(found?.regions.included.some(({ matches }) => matches('other/src/a'))).toBe(false);
  });

  test('names that come out alike stay apart', async () => {
    const dockerfile = { 'a/x!/Dockerfile': 'FROM a', 'a/X/Dockerfile': 'FROM a', 'a/x/Dockerfile': 'FROM a' };
    expect([...(await written(dockerfile)).config.services.keys()]).toEqual(['x', 'a-x', 'x-2']);
  });

  test.each(['feature/{a}', '+x(1)', 'trunk'])('the default branch %j', async (branch) => {
    const { config } = await written({ Dockerfile: 'FROM scratch' }, { branch });
    expect(config.services.get('shop')?.branches.some(({ matches }) => matches(branch))).toBe(true);
  });
});

describe('the repository', () => {
  test.each([
    ['https://github.com/abc/shop.git', 'abc/shop', 'https://github.com/{repository}.git'],
    ['https://user:password@github.com/abc/shop', 'abc/shop', 'https://github.com/{repository}.git'],
    ['git@github.com:abc/shop.git', 'abc/shop', 'https://github.com/{repository}.git'],
    ['ssh://git@github.com/abc/shop.git', 'abc/shop', 'https://github.com/{repository}.git'],
    [
      'https://me:secret@git.abc.net:8443/scm/abc/shop.git/',
      'abc/shop',
      'https://git.abc.net:8443/scm/{repository}.git',
    ],
    ['git@git.abc.net:abc/shop', 'abc/shop', 'ssh://git@git.abc.net/{repository}'],
    ['ssh://git@git.abc.net:2222/abc/shop.git', 'abc/shop', 'ssh://git@git.abc.net:2222/{repository}.git'],
    ['file:///srv/git/abc/shop.git', 'abc/shop', 'file:///srv/git/{repository}.git'],
    ['/srv/git/abc/shop.git', 'abc/shop', 'file:///srv/git/{repository}.git'],
  ])('of %s', async (origin, repository, cloneUrl) => {
    const { config, text } = await written({ Dockerfile: 'FROM scratch' }, { origin });
    expect([config.services.get('shop')?.repository, config.github.cloneUrl]).toEqual([repository, cloneUrl]);
    expect(text).not.toMatch(/password@|secret@/);
  });

  test('that no remote names is asked for', async () => {
    const bare = await checkOut(place(), { Dockerfile: 'FROM scratch' }, { origin: null });
    const none = await run(bare);
    expect(none).toMatchObject({ code: 2, stdout: '' });
    expect(none.stderr).toMatch(/has no remote `origin`: give --repository owner\/name\.\n$/);
    const odd = await checkOut(place(), { Dockerfile: 'FROM scratch' }, { origin: '../x' });
    expect((await run(odd)).stderr).toContain('has a remote `origin` that names no owner/name: give');
    const given = await run(bare, '--repository', 'abc/given', '--output', '-');
    expect((await load(given.stdout)).services.get('given')?.repository).toBe('abc/given');
  });

  test('must be a checked-out one, and all at one host', async () => {
    const nowhere = await run(folder());
    expect(nowhere.code).toBe(2);
    expect(nowhere.stderr).toContain(`slipway: ${folder()} is no checked-out git repository: not a git repository`);
    expect(await run(join(folder(), 'missing'))).toMatchObject({ code: 2, stdout: '' });
    const one = await checkOut(place(), { Dockerfile: 'FROM scratch' });
    const two = await checkOut(place(), { Dockerfile: 'FROM scratch' }, { origin: 'https://git.abc.net/abc/cart' });
    expect((await run(one, two)).stderr).toContain('A server has one git host: abc/shop is at https://github.com');
    expect((await run(one, two, '--repository', 'abc/x')).code).toBe(2);
  });
});

describe('what it prints', () => {
  test('the table, the webhook and the secrets on stdout, which no file has; talk on stderr', async () => {
    const repository = await checkOut(place(), { Dockerfile: 'FROM scratch' });
    const words = [repository, '--output', output(), '--public-url', 'https://images.abc.net/'];
    const { code, stdout, stderr } = await run(...words);
    const secret = /^export GITHUB_WEBHOOK_SECRET=([0-9a-f]{64})$/m.exec(stdout)?.[1] ?? 'none';
    expect(code).toBe(0);
    expect(stdout).toMatch(/^shop {2}\. {2}Dockerfile {2}everything in the whole repository\n/);
    expect(stdout).toContain('Payload URL   https://images.abc.net/webhooks/github\nContent type  application/json\n');
    expect(stdout).toContain('https://github.com/abc/shop/settings/hooks/new');
    expect(stderr).toBe(`Written: ${output()}. Read it, and change what is not right.\n`);
    const text = await readFile(output(), 'utf8');
    expect(text).not.toContain(secret);
    expect((await load(text)).server.publicUrl).toBe('https://images.abc.net');
    const again = await run(...words);
    expect(again).toEqual({ code: 1, stdout: '', stderr: `slipway: ${output()} exists, and is left as it is.\n` });
    expect(await readFile(output(), 'utf8')).toBe(text);
  });

  test('JSON', async () => {
    const repository = await checkOut(place(), { Dockerfile: 'FROM scratch\nCOPY a .', a: '' });
    const { stdout } = await run(repository, '--output', output(), '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      file: output(),
      services: [{ name: 'shop', path: '', dockerfile: 'Dockerfile', regions: { included: ['a'], excluded: [] } }],
      leftOut: [],
      webhook: { contentType: 'application/json', events: ['push', 'pull_request'] },
    });
  });

  test.each([
    [['--repository', 'abc'], '--repository must be owner/name.'],
    [['--registry', 'https://x'], '--registry must be host or host:port'],
    [['--public-url', 'images.abc.net'], '--public-url must be an http:// or https:// address'],
    [['--json', '--output', '-'], '--json and --output - would both print to stdout.'],
    [['--wrong'], 'unknown option'],
  ])('what is wrong with %j', async (words, message) => {
    const { code, stderr } = await run(...words);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
