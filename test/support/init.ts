/** `slipway init` in folders of its own, and what it writes as a server reads it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../src/config/config.js';
import { loadConfig } from '../../src/config/load.js';
import { checkOut } from './checkout.js';
import { commandLine } from './command-line.js';

/** Must be called where tests are registered. */
export function useInit() {
  let folder = '';
  let number = 0;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'slipway-init-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const env = { PATH: process.env['PATH'] ?? '' };
  const run = (...words: string[]) => commandLine(['init', ...words], { env });
  const place = (name = `repository-${(number += 1)}`) => join(folder, name);

  /** The configuration as a server reads it. Fails on any fault. */
  async function load(text: string): Promise<Config> {
    const file = join(folder, 'loaded.yaml');
    await writeFile(file, text);
    const loaded = await loadConfig(file, { GITHUB_WEBHOOK_SECRET: 's', SLIPWAY_TOKEN: 't' });
    if (!loaded.ok) throw new Error(`${JSON.stringify(loaded.faults)} in ${text}`);
    return loaded.config;
  }

  /** What is written for a repository of these files. */
  async function written(files: Readonly<Record<string, string>>, options: Parameters<typeof checkOut>[2] = {}) {
    const { code, stdout, stderr } = await run(await checkOut(place(), files, options), '--output', '-');
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    return { text: stdout, said: stderr, config: await load(stdout) };
  }

  /** The only service of a repository whose root has this Dockerfile. */
  async function only(dockerfile: string, files: Readonly<Record<string, string>> = {}) {
    const { text, config } = await written({ Dockerfile: dockerfile, ...files });
    const [service] = config.services.values();
    return { text, regions: service };
  }

  return { folder: () => folder, run, place, output: () => join(folder, 'slipway.yaml'), load, written, only };
}

export const texts = (patterns: readonly { readonly text: string }[] | undefined) => patterns?.map(({ text }) => text);
