import { resolve } from 'node:path';
import { Secret } from '../secret.js';
import type { CentralDockerfiles, Config } from './config.js';
import { normaliseDeploy } from './normalise-deploy.js';
import { normaliseEnvironment, type DeploySurroundings } from './normalise-environment.js';
import { mailOf, noticesOf } from './normalise-notices.js';
import { normaliseService, type KnownPatterns } from './normalise-service.js';
import { builtInDefaults } from './defaults.js';
import type { WrittenConfig } from './schema.js';
import { parseDuration, parseSize } from './units.js';

/** What the configuration needs beyond the settings. */
export interface Surroundings extends DeploySurroundings {
  /** Folder of the file; absolute. */
  readonly folder: string;
  /** Names of the environments in their order. Those that are missing come last. */
  readonly environments: readonly string[];
}

/** Converts a valid written configuration to the effective one. */
export function normalise(written: WrittenConfig, surroundings: Surroundings): Config {
  const { folder, files } = surroundings;
  const { callbacks, defaults = {} } = written;
  const patterns: KnownPatterns = new Map();
  return {
    server: serverOf(written.server, folder),
    database: builtInDefaults.database,
    access: accessOf(written.access),
    github: githubOf(written.github),
    git: { shortcut: written.git?.shortcut ?? true },
    registry: registryOf(written.registry),
    engine: engineOf(written.engine, files),
    dockerfiles: dockerfilesOf(written.dockerfiles, folder),
    sweep: written.sweep === 'off' || written.sweep === false ? null : duration(written.sweep ?? builtInDefaults.sweep),
    notices: noticesOf(written.notices),
    mail: mailOf(written.mail),
    callbacks: { allowedHosts: callbacks?.allowedHosts ?? [] },
    limits: limitsOf(written.limits),
    retention: retentionOf(written.retention),
    environments: environmentsOf(written.environments, surroundings),
    services: new Map(
      Object.entries(written.services).map(([name, service]) => [
        name,
        {
          ...normaliseService(name, service, defaults, patterns),
          deploy: normaliseDeploy(name, service.deploy, surroundings),
        },
      ]),
    ),
  };
}

function environmentsOf(
  written: WrittenConfig['environments'] = {},
  surroundings: Surroundings,
): Config['environments'] {
  const names = new Set([...surroundings.environments, ...Object.keys(written)]);
  return new Map(
    [...names].flatMap((name) => {
      const its = Object.hasOwn(written, name) ? written[name] : undefined;
      return its === undefined ? [] : [[name, normaliseEnvironment(name, its, surroundings)]];
    }),
  );
}

function serverOf(written: WrittenConfig['server'], folder: string): Config['server'] {
  const listen = written?.listen ?? builtInDefaults.server.listen;
  const colon = listen.lastIndexOf(':');
  return {
    host: listen.slice(0, colon).replace(/^\[(.*)\]$/, '$1'),
    port: Number(listen.slice(colon + 1)),
    publicUrl: written?.publicUrl === undefined ? null : withoutSlash(written.publicUrl),
    dataDir: resolve(folder, written?.dataDir ?? builtInDefaults.server.dataDir),
    instance: written?.instance ?? builtInDefaults.server.instance,
  };
}

function accessOf(written: WrittenConfig['access']): Config['access'] {
  return {
    anonymousRead: written?.anonymousRead ?? builtInDefaults.access.anonymousRead,
    metrics: written?.metrics ?? builtInDefaults.access.metrics,
    tokens: (written?.tokens ?? []).map(({ name, token, scopes, environments }) => ({
      name,
      token: new Secret(token),
      scopes: [...new Set(scopes)],
      environments: environments ?? null,
    })),
  };
}

function githubOf(written: WrittenConfig['github']): Config['github'] {
  return {
    webhookSecrets: written.webhookSecrets.map((secret) => new Secret(secret)),
    cloneUrl: written.cloneUrl ?? builtInDefaults.github.cloneUrl,
    token: secretOrNull(written.token),
    apiUrl: withoutSlash(written.apiUrl ?? builtInDefaults.github.apiUrl),
    app: appOf(written.app),
    statuses: written.statuses ?? null,
    pullRequests: written.pullRequests !== 'off' && written.pullRequests !== false,
  };
}

/** A key in a variable often has `\\n` for its line breaks. */
function appOf(written: WrittenConfig['github']['app']): Config['github']['app'] {
  if (written === undefined) return null;
  return { id: written.id, privateKey: new Secret(written.privateKey.replaceAll('\\n', '\n')) };
}

function registryOf(written: WrittenConfig['registry']): Config['registry'] {
  return {
    host: written.host,
    username: written.username || null,
    password: secretOrNull(written.password),
    insecure: written.insecure ?? builtInDefaults.registry.insecure,
    pull: written.pull === undefined ? null : { ...written.pull, password: new Secret(written.pull.password) },
  };
}

function engineOf(written: WrittenConfig['engine'], files: Surroundings['files']): Config['engine'] {
  const file = (part: string) => files.get(`engine.tls.${part}`) ?? null;
  return {
    host: written?.host ?? builtInDefaults.engine.host,
    tls: written?.tls === undefined ? null : { ca: file('ca'), cert: file('cert'), key: secretOrNull(file('key')) },
    concurrency: written?.concurrency ?? builtInDefaults.engine.concurrency,
    frontends: written?.frontends ?? builtInDefaults.engine.frontends,
    timeout: duration(written?.timeout ?? builtInDefaults.engine.timeout),
  };
}

/** The default folder of central dockerfiles. Setting it explicitly means the same. */
export function defaultDockerfiles(folder: string): string {
  return resolve(folder, builtInDefaults.dockerfiles.path);
}

function dockerfilesOf(written: WrittenConfig['dockerfiles'], folder: string): CentralDockerfiles {
  if (written?.repository !== undefined) {
    return { kind: 'repository', repository: written.repository, branch: written.branch ?? null };
  }
  const path = resolve(folder, written?.path ?? builtInDefaults.dockerfiles.path);
  return { kind: 'folder', path, isDefault: path === defaultDockerfiles(folder) };
}

function limitsOf(written: WrittenConfig['limits']): Config['limits'] {
  return {
    artifact: size(written?.artifact ?? builtInDefaults.limits.artifact),
    log: size(written?.log ?? builtInDefaults.limits.log),
    freeDisk: size(written?.freeDisk ?? builtInDefaults.limits.freeDisk),
  };
}

function retentionOf(written: WrittenConfig['retention']): Config['retention'] {
  const { logs, deliveries, decisions, artifacts, deployments, audit } = { ...builtInDefaults.retention, ...written };
  return {
    logs: duration(logs),
    deliveries: duration(deliveries),
    decisions: duration(decisions),
    artifacts: duration(artifacts),
    deployments: duration(deployments),
    audit: duration(audit),
  };
}

function duration(written: string): number {
  return parseDuration(written) ?? 0;
}

function size(written: string | number): number {
  return typeof written === 'number' ? written : (parseSize(written) ?? 0);
}

function secretOrNull(value: string | null | undefined): Secret | null {
  return value ? new Secret(value) : null;
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
