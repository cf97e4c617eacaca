/** docs/tutorial.md: its shell blocks are run in order on a real engine and registry, and print what the page shows. */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engineClient, freePort } from '../../../scripts/parts.mjs';
import { codeBlocks, read } from '../../docs/markdown.js';
import { makeBaseImage, type BaseImageOnEngine } from '../../support/base-image.js';
import { compileSlipway, type CompiledSlipway } from '../../support/compiled.js';
import { engineHost } from '../../support/engine.js';
import { startRegistry, type RunningRegistry } from '../../support/registry.js';

/** For the whole page, in milliseconds. It takes half a minute. */
const PATIENCE_MS = 240_000;

/** By which the containers of this run are known. */
const instance = `tutorial-${process.pid}`;

let slipway: CompiledSlipway;
let registry: RunningRegistry;
let base: BaseImageOnEngine;
let home = '';
let ports: { readonly server: number; readonly shop: number };

beforeAll(async () => {
  slipway = compileSlipway();
  registry = await startRegistry(null);
  base = await makeBaseImage();
  ports = { server: await freePort(), shop: await freePort() };
  home = await mkdtemp(join(tmpdir(), 'slipway-tutorial-'));
  await mkdir(join(home, 'bin'));
  const program = `#!/bin/sh\nexec '${process.execPath}' '${slipway.cli}' "$@"\n`;
  await writeFile(join(home, 'bin/slipway'), program, { mode: 0o755 });
}, 180_000);

afterAll(async () => {
  const client = engineClient(engineHost());
  const all = async (kind: string, filters: object) => {
    const query = new URLSearchParams({ all: 'true', filters: JSON.stringify(filters) });
    return client.json<{ Id: string }[]>('GET', `/${kind}/json?${query}`);
  };
  for (const { Id } of await all('containers', { label: [`dev.slipway.instance=${instance}`] }))
    await client.send('DELETE', `/containers/${Id}?force=true`);
  for (const { Id } of await all('images', { reference: [`${registry.host}/*`] }))
    await client.send('DELETE', `/images/${Id}?force=true`);
  await base.remove();
  await registry.close();
  slipway.remove();
  await rm(home, { recursive: true, force: true });
});

/** The page's addresses, as they are here: others may use its ports. */
const asHere = (text: string): string =>
  text
    .replaceAll('127.0.0.1:5000', registry.host)
    .replaceAll('127.0.0.1:8080', `127.0.0.1:${ports.server}`)
    .replaceAll('8000', String(ports.shop))
    .replaceAll('busybox:1.36', base.name);

/** What differs in the file that `slipway init` writes. */
const fileAsHere = (): string =>
  [
    `sed -i -e 's|127.0.0.1:5000|${registry.host}|' -e 's|127.0.0.1:8080|127.0.0.1:${ports.server}|' slipway.yaml`,
    `sed -i 's|unix:///var/run/docker.sock|${engineHost()}|' slipway.yaml`,
    `sed -i 's|^server:|&\\n  instance: ${instance}|' slipway.yaml`,
    `printf 'engine: { host: "%s" }\\nlimits: { freeDisk: 1MiB }\\n' '${engineHost()}' >> slipway.yaml`,
  ].join('\n');

interface Step {
  readonly script: string;
  /** What the page shows below it, or null. */
  readonly shown: string | null;
}

async function steps(): Promise<readonly Step[]> {
  const blocks = codeBlocks(await read('docs/tutorial.md')).filter(({ note }) => note !== 'machine');
  return blocks.flatMap(({ language, text }, at) => {
    if (language !== 'sh') return [];
    const next = blocks[at + 1];
    const script = text.includes('slipway init') ? `${asHere(text)}${fileAsHere()}` : asHere(text);
    return [{ script, shown: next?.language === 'text' ? asHere(next.text) : null }];
  });
}

/** Runs everything in one shell, which a person has too. Resolves with what each step printed, as far as they came. */
async function follow(
  scripts: readonly string[],
): Promise<{ readonly printed: readonly string[]; readonly said: string }> {
  const mark = '@@ next step @@';
  const whole = [
    'set -eE',
    "trap 'kill $(jobs -p) 2> /dev/null; wait' EXIT",
    ...scripts.flatMap((script) => [script, `echo '${mark}'`]),
  ];
  const child = spawn('bash', ['-c', whole.join('\n')], {
    cwd: home,
    env: { PATH: `${home}/bin:${process.env['PATH']}`, HOME: home, LC_ALL: 'C.UTF-8' },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, said] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const timer = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), PATIENCE_MS);
  await new Promise((resolve) => child.once('close', resolve));
  clearTimeout(timer);
  return { printed: stdout.replaceAll(home, '~').split(`${mark}\n`), said };
}

/** `…` stands for anything in a line, and HEX for a hexadecimal number. */
const pattern = (shown: string): RegExp =>
  new RegExp(
    `^${shown
      .split('\n')
      .map((line) =>
        line
          .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
          .replaceAll('…', '.*')
          .replaceAll('HEX', '[0-9a-f]+')
          .replaceAll(/ +/g, ' +'),
      )
      .join('\n')}`,
  );

test(
  'a person who follows the page sees what it shows',
  async () => {
    const all = await steps();
    const { printed, said } = await follow(all.map(({ script }) => script));
    const log = await readFile(join(home, 'tutorial/server.log'), 'utf8').catch(() => '');
    if (printed.length !== all.length + 1)
      throw new Error(`Step ${printed.length}: ${printed.at(-1)}\n${said}\n${log}`);
    for (const [at, { shown }] of all.entries()) if (shown !== null) expect(printed[at]).toMatch(pattern(shown));
    expect(all.filter(({ shown }) => shown !== null).length).toBeGreaterThan(7);
  },
  PATIENCE_MS + 30_000,
);
