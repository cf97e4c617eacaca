/** `slipway init` at a terminal, which util-linux's script(1) makes: what it asks, and what it does with the answers. */
import { spawn } from 'node:child_process';
import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkOut } from '../../support/checkout.js';
import { compileSlipway, type CompiledSlipway } from '../../support/compiled.js';

let slipway: CompiledSlipway;
let folder = '';
beforeAll(() => {
  slipway = compileSlipway();
}, 180_000);
afterAll(() => slipway.remove());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-asks-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Types each answer once its question is on the screen. Resolves with the screen and the exit code. */
async function talk(words: readonly string[], answers: readonly (readonly [question: string, typed: string])[]) {
  const program = [process.execPath, slipway.cli, 'init', ...words].map((word) => `'${word}'`).join(' ');
  const command = `stty cols 120 rows 40; ${program}`;
  const child = spawn('script', ['--quiet', '--return', '--flush', '--command', command, '/dev/null'], {
    cwd: folder,
    env: { ...process.env, TERM: 'xterm', NO_COLOR: '1' },
    timeout: 30_000,
  });
  let screen = '';
  const left = [...answers];
  child.stdout.on('data', (chunk: Buffer) => {
    screen += chunk.toString();
    const [next] = left;
    if (next === undefined || !screen.includes(next[0])) return;
    left.shift();
    child.stdin.write(next[1]);
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { screen, code, left };
}

const url = 'Where do people and GitHub reach the server?';
const registry = 'Which registry gets the images?';
const enter = '\r';
const interrupt = '\u0003';

test('the repository, the address and the registry are asked for; a wrong answer is asked for again', async () => {
  await checkOut(join(folder, 'shop'), { Dockerfile: 'FROM scratch' }, { origin: null });
  const { screen, code, left } = await talk(
    ['shop'],
    [
      ['Which repository is it?', `abc${enter}`],
      ['It must be owner/name.', `/shop${enter}`],
      [url, `https://images.abc.net${enter}`],
      [registry, enter],
    ],
  );
  expect([code, left]).toEqual([0, []]);
  expect(screen).toContain('Payload URL   https://images.abc.net/webhooks/github');
  expect(screen).toContain('slipway check --config slipway.yaml, then slipway doctor --config slipway.yaml');
  const text = await readFile(join(folder, 'slipway.yaml'), 'utf8');
  expect(text).toContain('repository: "abc/shop"');
  expect(text).toContain('publicUrl: "https://images.abc.net"');
  expect(text).toContain('host: "127.0.0.1:5000"');
});

test('Ctrl-C writes nothing', async () => {
  await checkOut(join(folder, 'shop'), { Dockerfile: 'FROM scratch' });
  const { screen, code } = await talk(['shop'], [[url, interrupt]]);
  expect(code).toBe(1);
  expect(screen).toContain('slipway: Nothing was written.');
  await expect(access(join(folder, 'slipway.yaml'))).rejects.toThrow();
});

test('--yes asks nothing', async () => {
  await checkOut(join(folder, 'shop'), { Dockerfile: 'FROM scratch' });
  const { screen, code } = await talk(['shop', '--yes'], []);
  expect([code, screen]).toEqual([0, expect.not.stringContaining(url)]);
  expect(screen).toMatch(/^SERVICE +PATH +DOCKERFILE +REGIONS/m);
});
