/** Releases of the service `web` and the environments they run in, joined as a server does. */
import type { KeptRunFile } from '../../src/model/release.js';
import { compose } from '../../src/operations/compose.js';
import type { Wanted } from '../../src/specification/request.js';
import { specify } from '../../src/specification/specify.js';
import type { Store } from '../../src/store/contract.js';
import { must, queueBuild, sha } from './app.js';
import { production, withEnvironments } from './environments.js';
import { inlineReading } from './reading.js';
import { begin, endWell } from './running-builds.js';
import { configOf } from './write-config.js';

export const digest = `sha256:${'0'.repeat(64)}`;

export interface Setting {
  /** Settings of the environment `production`, besides its hosts. */
  readonly environment?: string;
  /** Settings of the service's `deploy`, besides its environments. */
  readonly deploy?: string;
  readonly hosts?: string;
  /** Variables of the configuration. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** What a release keeps of its files. A text of `fault: …` is one that could not be read. */
export function keptRunFile(base: string | null, overlays: Readonly<Record<string, string>> = {}): KeptRunFile {
  if (base === null) return { source: 'none', path: null, commit: null, overlays: [], hash: 'none', texts: null };
  const texts = Object.entries({ '': base, ...overlays }).map(([environment, text]) => ({
    environment: environment || null,
    ...(text.startsWith('fault: ')
      ? { content: null, fault: text.slice('fault: '.length) }
      : { content: Buffer.from(text).toString('base64'), fault: null }),
  }));
  const hash = JSON.stringify(texts);
  const path = 'docker/compose.yaml';
  return { source: 'application', path, commit: sha('a'), overlays: Object.keys(overlays), hash, texts };
}

export const configured = ({ environment = '', deploy = '', hosts, variables = {} }: Setting = {}) => {
  const environments = production(environment, hosts).replace(
    / \}$/,
    ', staging: { hosts: { s: { engine: "unix:///run/s.sock", address: 127.0.0.2 } } } }',
  );
  return configOf(withEnvironments(environments, `{ environments: [production], ${deploy} }`), variables);
};

/** What a run file means in `production`. */
export async function specified(runFile: KeptRunFile, setting: Setting = {}) {
  const { environments, services, registry } = await configured(setting);
  const wanted: Wanted = {
    release: {
      service: 'web',
      number: 3,
      branch: 'main',
      commit: sha('a'),
      image: { repository: 'web', digest, tags: ['1.0.0-1-aaaaaaa'] },
      runFile,
      runFileHash: runFile.hash,
      buildId: 'b',
      createdAt: 0,
      verdicts: [],
    },
    environment: must(environments.get('production')),
    deploy: must(services.get('web')?.deploy),
  };
  const store = {
    releases: { texts: async () => runFile.texts ?? [] },
    formerNames: { first: async (name: string) => name },
  };
  return { wanted, ...(await specify(wanted, { store, reading: inlineReading, registryHost: registry.host })) };
}

/** Ends a build of `web` with that run file, which makes a release. */
export async function releaseWeb(store: Store, runFile: KeptRunFile, commit = sha('a')): Promise<void> {
  await queueBuild(store, { service: 'web', repository: 'abc/web', commit, forced: true });
  await endWell(store, await begin(store), digest, ['1.0.0-1-aaaaaaa', 'main'], runFile);
}

/** The operation over a store, as a server has it. */
export async function composeOver(store: () => Store, setting: Setting = {}) {
  const config = await configured(setting);
  return (call: { readonly service: string; readonly release: number | null; readonly environment: string }) =>
    compose(call, {
      store: store(),
      reading: inlineReading,
      registryHost: config.registry.host,
      services: () => config.services,
      environments: () => config.environments,
    });
}
