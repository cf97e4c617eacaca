import type { JsonObject } from '../../src/docker/answer.js';

/** An image's settings, as `Config` of the engine's answer. */
export interface ImageConfig {
  readonly Env?: readonly string[];
  readonly Cmd?: readonly string[] | null;
  readonly Entrypoint?: readonly string[] | null;
  readonly User?: string;
  readonly WorkingDir?: string;
  readonly Labels?: Readonly<Record<string, string>>;
  readonly Volumes?: Readonly<Record<string, object>>;
  readonly StopSignal?: string;
  readonly Healthcheck?: JsonObject;
}

const object = (value: unknown): JsonObject =>
  typeof value === 'object' && value !== null ? (value as JsonObject) : {};
const list = (value: unknown): readonly string[] => (Array.isArray(value) ? (value as string[]) : []);

/** What Docker Engine makes of `POST /containers/create`: `Config` and `HostConfig` of the container, with what image and engine fill in. */
export function fillIn(
  body: JsonObject,
  image: ImageConfig,
  id: string,
): { Config: JsonObject; HostConfig: JsonObject } {
  const host = object(body['HostConfig']);
  const { HostConfig: _host, ...config } = body;
  const log = object(host['LogConfig']);
  return {
    Config: {
      ...config,
      Env: mergedEnvironment(list(config['Env']), list(image.Env)),
      Labels: { ...image.Labels, ...object(config['Labels']) },
      ...commands(config, image),
      User: config['User'] ?? image.User ?? '',
      WorkingDir: config['WorkingDir'] ?? image.WorkingDir ?? '',
      StopSignal: config['StopSignal'] ?? image.StopSignal,
      Hostname: config['Hostname'] ?? (host['NetworkMode'] === 'host' ? 'the-machine' : id.slice(0, 12)),
      Healthcheck: healthcheck(config['Healthcheck'], image.Healthcheck),
      Volumes: image.Volumes ?? null,
    },
    HostConfig: {
      ...host,
      ShmSize: host['ShmSize'] ?? 64 * 2 ** 20,
      PidsLimit: Number(host['PidsLimit'] ?? 0) > 0 ? host['PidsLimit'] : null,
      CapAdd: list(host['CapAdd']).map((name) => (name === 'ALL' ? name : `CAP_${name}`)),
      SecurityOpt: securityOptions(host['Privileged'] === true, list(host['SecurityOpt'])),
      // The engine's own options for its own driver.
      LogConfig: log['Type'] === 'json-file' ? { ...log, Config: { compress: 'true', ...object(log['Config']) } } : log,
      Binds: null,
      KernelMemory: 0,
      OomKillDisable: false,
    },
  };
}

function securityOptions(privileged: boolean, own: readonly string[]): readonly string[] {
  return privileged && !own.some((option) => option.startsWith('label')) ? ['label=disable', ...own] : own;
}

const nameOf = (entry: string): string => entry.split('=', 1)[0] ?? '';

function mergedEnvironment(own: readonly string[], ofImage: readonly string[]): readonly string[] {
  const names = new Set(own.map(nameOf));
  return [...own, ...ofImage.filter((entry) => !names.has(nameOf(entry)))];
}

function commands(config: JsonObject, image: ImageConfig): JsonObject {
  const [cmd, entrypoint] = [list(config['Cmd']), config['Entrypoint']];
  if (list(entrypoint).length > 0) return { Cmd: cmd.length > 0 ? cmd : null, Entrypoint: entrypoint };
  return { Cmd: cmd.length > 0 ? cmd : (image.Cmd ?? null), Entrypoint: entrypoint ?? image.Entrypoint ?? null };
}

function healthcheck(own: unknown, ofImage: JsonObject | undefined): unknown {
  if (own === undefined) return ofImage;
  const check = object(own);
  const names = ['Interval', 'Timeout', 'StartPeriod', 'StartInterval', 'Retries'];
  const test = list(check['Test']).length > 0 ? check['Test'] : ofImage?.['Test'];
  return { Test: test, ...Object.fromEntries(names.map((name) => [name, check[name] || (ofImage?.[name] ?? 0)])) };
}
