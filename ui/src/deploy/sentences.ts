import type { Environment, Plan, PlannedParameter, Release } from '../api/types.js';
import { counted } from '../parts/short.js';

/** As many commits as a plan lists at most. */
const MAX_COMMITS = 100;
const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];

/** The name of a release: its version tag. */
export const releaseName = ({ number, image }: Pick<Release, 'number' | 'image'>): string =>
  image.tags[0] ?? `release ${number}`;

/** `5 min`, `2 h`, `3 d`. */
export function roughly(ms: number): string {
  if (ms < HOUR) return `${Math.max(1, Math.floor(ms / MINUTE))} min`;
  return ms < 2 * DAY ? `${Math.floor(ms / HOUR)} h` : `${Math.floor(ms / DAY)} d`;
}

/** What is deployed of a service in an environment. */
export const deployedIn = (environment: Environment, service: string) =>
  environment.services.find((one) => one.service === service)?.desired ?? null;

/** Environments that a service is deployed to by the configuration. */
export const environmentsOf = (environments: readonly Environment[], service: string): readonly Environment[] =>
  environments.filter(({ services }) => services.some((one) => one.service === service && !one.orphaned));

/** Failures that are the service's own. Others say nothing of the release. */
const ownFaults = ['container-crashed', 'container-start-failed', 'verification-timeout', 'version-mismatch'];

/** The verdict by which a release is blocked in an environment. Null: it has not failed there by its own fault. */
export const blockOf = ({ verdicts }: Pick<Release, 'verdicts'>, environment: string) =>
  verdicts.find(
    ({ environment: name, verdict, code }) =>
      name === environment && verdict === 'failed' && code !== null && ownFaults.includes(code),
  ) ?? null;

export interface Elsewhere {
  readonly environment: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/** The other environments in which an image runs, by what was seen last. */
export function elsewhere(
  environments: readonly Environment[],
  { service, digest, environment }: { readonly service: string; readonly digest: string; readonly environment: string },
): readonly Elsewhere[] {
  return environments.flatMap(({ name, services }) => {
    const hosts = services.find((one) => one.service === service)?.hosts ?? [];
    const starts = hosts
      .filter((host) => host.digest === digest && host.state === 'running' && host.startedAt !== null)
      .map(({ startedAt }) => Date.parse(startedAt ?? ''));
    return name === environment || starts.length === 0 ? [] : [{ environment: name, since: Math.min(...starts) }];
  });
}

export interface Said {
  readonly plan: Pick<Plan, 'service' | 'environment' | 'hosts' | 'commits'>;
  readonly strategy: Environment['strategy'];
  /** Names of releases. Null: nothing is deployed there. */
  readonly from: string | null;
  readonly to: string;
  readonly elsewhere: readonly Elsewhere[];
  readonly now: number;
}

/** What is going to happen, in one sentence. */
export function planSentence({ plan, strategy, from, to, elsewhere: others, now }: Said): string {
  const { service, environment, hosts, commits } = plan;
  const change = from === to ? `${to} again` : `${from ?? 'nothing'} → ${to}`;
  const came = commits.length >= MAX_COMMITS ? `${MAX_COMMITS} commits or more` : counted(commits.length, 'commit');
  return [
    `${environment}: ${service} ${change}, ${hostsSentence(hosts, strategy)}`,
    ...(commits.length > 0 ? [came] : []),
    ...others.map((other) => `the same digest runs in ${other.environment} for ${roughly(now - other.since)}`),
  ].join('; ');
}

function hostsSentence(hosts: Plan['hosts'], strategy: Environment['strategy']): string {
  const all = counted(hosts.length, 'host');
  const same = hosts.filter(({ action }) => action === 'none').length;
  const unknown = hosts.filter(({ action }) => action === 'unknown').length;
  if (same === hosts.length) return `${all}, which ${same === 1 ? 'has' : 'have'} it already`;
  const order = strategy === 'blue-green' ? ', the idle one first' : hosts.length > 1 ? ', one after the other' : '';
  const notes = [...(same > 0 ? [`${same} unchanged`] : []), ...(unknown > 0 ? [`${unknown} not known`] : [])];
  return `${all}${order}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`;
}

/** A parameter that changes, with the hosts on which it does. */
export interface Change extends PlannedParameter {
  /** Null: on each of them. */
  readonly hosts: readonly string[] | null;
}

/** What changes, once for all hosts on which it changes alike. */
export function changesOf(hosts: Plan['hosts']): readonly Change[] {
  const found = new Map<string, { readonly parameter: PlannedParameter; readonly hosts: string[] }>();
  for (const { host, parameters } of hosts)
    for (const parameter of parameters) {
      const key = JSON.stringify([parameter.name, parameter.from, parameter.to]);
      const known = found.get(key) ?? { parameter, hosts: [] };
      known.hosts.push(host);
      found.set(key, known);
    }
  return [...found.values()].map((one) => ({
    ...one.parameter,
    hosts: one.hosts.length === hosts.length ? null : one.hosts,
  }));
}

/** Where a value comes from. */
export function originText(origin: PlannedParameter['origin']): string {
  if (origin === null) return '';
  const words = { environment: 'the environment', service: 'the service', default: 'default' } as const;
  if (origin.kind !== 'file') return words[origin.kind];
  return `${origin.path ?? ''}${origin.line === null ? '' : `:${origin.line}`}`;
}
