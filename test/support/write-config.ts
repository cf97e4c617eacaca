import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig, type Environment, type Loaded } from '../../src/config/load.js';

/** The least that a configuration holds. */
export const least = `
github: { webhookSecrets: [hook] }
registry: { host: registry.abc.net }
services: { web: { repository: abc/web } }
`;

/** Loads a text as a configuration file in a folder of its own. `files` are written next to it. */
export async function loadText(
  text: string,
  environment: Environment = {},
  files: Readonly<Record<string, string>> = {},
): Promise<{ readonly loaded: Loaded; readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-config-'));
  try {
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    await writeFile(join(folder, 'slipway.yaml'), text);
    return { loaded: await loadConfig(join(folder, 'slipway.yaml'), environment), folder };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The effective configuration of a text that must have no faults. */
export async function configOf(
  text: string,
  environment: Environment = {},
  files: Readonly<Record<string, string>> = {},
) {
  const { loaded } = await loadText(text, environment, files);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  return loaded.config;
}

/** The faults of a text as `path: message`. */
export async function faultsOf(
  text: string,
  environment: Environment = {},
  files: Readonly<Record<string, string>> = {},
) {
  const { loaded } = await loadText(text, environment, files);
  return loaded.ok ? [] : loaded.faults.map(({ path, message }) => `${path}: ${message}`);
}
