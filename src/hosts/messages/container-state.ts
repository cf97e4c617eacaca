import { isObject, memberOf, textOf, type JsonObject } from '../../docker/answer.js';
import type {
  BoundPort,
  ContainerExit,
  ContainerState,
  ContainerStatus,
  ContainerSummary,
  VolumeMount,
} from '../../model/container.js';
import type { RestartPolicy } from '../../model/parameters.js';

const statuses: readonly ContainerStatus[] = [
  'created',
  'running',
  'restarting',
  'paused',
  'exited',
  'dead',
  'removing',
];
const healths = ['starting', 'healthy', 'unhealthy'] as const;
const protocols = ['tcp', 'udp', 'sctp'] as const;

export const numberOf = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);

/** The objects of a list; empty if the value is not a list. */
export const objectsOf = (value: unknown): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : [];

/** The texts of an object by name. */
export const recordOf = (value: unknown): Readonly<Record<string, string>> =>
  isObject(value)
    ? Object.fromEntries(
        Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      )
    : {};

/** `dead` for a word that the engine should not say. */
const statusOf = (text: string): ContainerStatus => statuses.find((status) => status === text) ?? 'dead';

/** Milliseconds since the epoch. Null for what is not a time, and for the year 1, which the engine takes for "never". */
export function timeOf(text: string): number | null {
  const at = Date.parse(text);
  return Number.isNaN(at) || at <= 0 ? null : at;
}

/** The state in the engine's answer to `GET /containers/ID/json`. */
export function readState(seen: JsonObject): ContainerState {
  const state = memberOf(seen, 'State');
  const status = statusOf(textOf(state, 'Status'));
  const health = textOf(memberOf(state, 'Health'), 'Status');
  return {
    status,
    health: healths.find((one) => one === health) ?? null,
    startedAt: timeOf(textOf(state, 'StartedAt')),
    restarts: numberOf(seen['RestartCount']),
    // The exit code reads 0 while it runs.
    lastExit: status === 'running' || status === 'paused' ? null : exitOf(state),
  };
}

function exitOf(state: JsonObject): ContainerExit | null {
  const at = timeOf(textOf(state, 'FinishedAt'));
  return at === null ? null : { code: numberOf(state['ExitCode']), oom: state['OOMKilled'] === true, at };
}

/** One entry of the engine's answer to `GET /containers/json`. */
export function readSummary(seen: JsonObject): ContainerSummary {
  const names = Array.isArray(seen['Names']) ? seen['Names'] : [];
  return {
    id: textOf(seen, 'Id'),
    name: nameOf(typeof names[0] === 'string' ? names[0] : ''),
    image: textOf(seen, 'Image'),
    imageId: textOf(seen, 'ImageID'),
    labels: recordOf(seen['Labels']),
    status: statusOf(textOf(seen, 'State')),
    ports: objectsOf(seen['Ports']).flatMap(boundPort),
    createdAt: numberOf(seen['Created']) * 1000,
  };
}

/** The engine writes names with a slash before them. */
export const nameOf = (name: string): string => name.replace(/^\//, '');

/** Empty for a port that is only exposed. */
function boundPort(seen: JsonObject): readonly BoundPort[] {
  const protocol = protocols.find((one) => one === seen['Type']);
  const [containerPort, hostPort] = [numberOf(seen['PrivatePort']), numberOf(seen['PublicPort'])];
  return protocol === undefined || hostPort === 0
    ? []
    : [{ hostIp: textOf(seen, 'IP'), hostPort, containerPort, protocol }];
}

/** Every volume that the container mounts. */
export function readVolumes(seen: JsonObject): readonly VolumeMount[] {
  return objectsOf(seen['Mounts'])
    .filter((mount) => mount['Type'] === 'volume')
    .map((mount) => ({ volume: textOf(mount, 'Name'), target: textOf(mount, 'Destination') }))
    .sort((a, b) => (a.target < b.target ? -1 : 1));
}

const policies = ['no', 'always', 'unless-stopped', 'on-failure'] as const;

export function readRestart(seen: JsonObject): RestartPolicy {
  const policy = memberOf(memberOf(seen, 'HostConfig'), 'RestartPolicy');
  const name = policies.find((one) => one === policy['Name']) ?? 'no';
  return { name, maxRetries: name === 'on-failure' ? numberOf(policy['MaximumRetryCount']) : 0 };
}
