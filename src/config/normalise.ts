import { resolve } from 'node:path';
import { Secret } from '../secret.js';
import type { CentralDockerfiles, Config } from './config.js';
import { normaliseService, type KnownPatterns } from './normalise-service.js';
import { defaultFrontends, type WrittenConfig } from './schema.js';
import { parseDuration, parseSize } from './units.js';

/** What the configuration needs beyond the file: its folder, and the contents of the files in `engine.tls`. */
export interface Surroundings {
  /** Absolute. */
  readonly folder: string;
  readonly tls: { readonly ca: string | null; readonly cert: string | null; readonly key: string | null };
}

/** Converts a valid written configuration to the effective one. */
export function normalise(written: WrittenConfig, { folder, tls }: Surroundings): Config {
  const { access, callbacks, defaults = {} } = written;
  const patterns: KnownPatterns = new Map();
  return {
    server: serverOf(written.server, folder),
    database: 'embedded',
    access: {
      anonymousRead: access?.anonymousRead ?? false,
      metrics: access?.metrics ?? 'open',
      tokens: (access?.tokens ?? []).map(({ name, token, scopes }) => ({
        name,
        token: new Secret(token),
        scopes: [...new Set(scopes)],
      })),
    },
    github: githubOf(written.github),
    registry: registryOf(written.registry),
    engine: engineOf(written.engine, tls),
    dockerfiles: dockerfilesOf(written.dockerfiles, folder),
    sweep: written.sweep === 'off' || written.sweep === false ? null : duration(written.sweep, '5m'),
    callbacks: { allowedHosts: callbacks?.allowedHosts ?? [] },
    limits: limitsOf(written.limits),
    services: new Map(
      Object.entries(written.services).map(([name, service]) => [
        name,
        normaliseService(name, service, defaults, patterns),
      ]),
    ),
  };
}

function serverOf(written: WrittenConfig['server'], folder: string): Config['server'] {
  const listen = written?.listen ?? '127.0.0.1:8080';
  const colon = listen.lastIndexOf(':');
  return {
    host: listen.slice(0, colon).replace(/^\[(.*)\]$/, '$1'),
    port: Number(listen.slice(colon + 1)),
    publicUrl: written?.publicUrl === undefined ? null : withoutSlash(written.publicUrl),
    dataDir: resolve(folder, written?.dataDir ?? 'data'),
  };
}

function githubOf(written: WrittenConfig['github']): Config['github'] {
  return {
    webhookSecrets: written.webhookSecrets.map((secret) => new Secret(secret)),
    cloneUrl: written.cloneUrl ?? 'https://github.com/{repository}.git',
    token: secretOrNull(written.token),
    apiUrl: withoutSlash(written.apiUrl ?? 'https://api.github.com'),
  };
}

function registryOf(written: WrittenConfig['registry']): Config['registry'] {
  return {
    host: written.host,
    username: written.username || null,
    password: secretOrNull(written.password),
    insecure: written.insecure ?? false,
  };
}

function engineOf(written: WrittenConfig['engine'], tls: Surroundings['tls']): Config['engine'] {
  return {
    host: written?.host ?? 'unix:///var/run/docker.sock',
    tls: written?.tls === undefined ? null : { ...tls, key: secretOrNull(tls.key) },
    concurrency: written?.concurrency ?? 2,
    frontends: written?.frontends ?? defaultFrontends,
    timeout: duration(written?.timeout, '30m'),
  };
}

/** The default folder of central dockerfiles. Setting it explicitly means the same. */
export function defaultDockerfiles(folder: string): string {
  return resolve(folder, 'dockerfiles');
}

function dockerfilesOf(written: WrittenConfig['dockerfiles'], folder: string): CentralDockerfiles {
  if (written?.repository !== undefined) {
    return { kind: 'repository', repository: written.repository, branch: written.branch ?? null };
  }
  const path = resolve(folder, written?.path ?? 'dockerfiles');
  return { kind: 'folder', path, isDefault: path === defaultDockerfiles(folder) };
}

function limitsOf(written: WrittenConfig['limits']): Config['limits'] {
  return {
    artifact: size(written?.artifact, '512MiB'),
    log: size(written?.log, '16MiB'),
    freeDisk: size(written?.freeDisk, '5GiB'),
  };
}

function duration(written: string | undefined, standard: string): number {
  return parseDuration(written ?? standard) ?? 0;
}

function size(written: string | number | undefined, standard: string): number {
  return typeof written === 'number' ? written : (parseSize(written ?? standard) ?? 0);
}

function secretOrNull(value: string | null | undefined): Secret | null {
  return value ? new Secret(value) : null;
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
