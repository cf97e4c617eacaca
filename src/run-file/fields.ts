import type { Origin, ParameterName } from '../model/parameters.js';
import type { Place } from '../model/run-file.js';
import { quoted, type Findings } from './faults.js';
import { isNull, valueOf, type Entry, type Mapping, type Node, type Scalar } from './node.js';
import { parseBoolean } from './values.js';

/** The key of a run file that sets a parameter. Reports, plans and origins use these names. */
export const fieldNames: Readonly<Record<ParameterName, string>> = {
  ports: 'ports',
  environment: 'environment',
  mounts: 'volumes',
  tmpfs: 'tmpfs',
  command: 'command',
  entrypoint: 'entrypoint',
  user: 'user',
  workingDir: 'working_dir',
  hostname: 'hostname',
  privileged: 'privileged',
  capAdd: 'cap_add',
  capDrop: 'cap_drop',
  securityOpt: 'security_opt',
  devices: 'devices',
  groupAdd: 'group_add',
  readOnly: 'read_only',
  init: 'init',
  shmSize: 'shm_size',
  ulimits: 'ulimits',
  sysctls: 'sysctls',
  extraHosts: 'extra_hosts',
  dns: 'dns',
  networkMode: 'network_mode',
  restart: 'restart',
  stopSignal: 'stop_signal',
  stopGracePeriod: 'stop_grace_period',
  healthcheck: 'healthcheck',
  logging: 'logging',
  labels: 'labels',
  memory: 'mem_limit',
  memorySwap: 'memswap_limit',
  nanoCpus: 'cpus',
  pidsLimit: 'pids_limit',
  oomScoreAdj: 'oom_score_adj',
};

/** Reads the fields of a service. What is wrong becomes a fault, and the field counts as missing. */
export class Fields {
  readonly origins = new Map<string, Origin>();

  constructor(
    readonly service: Mapping,
    readonly findings: Findings,
  ) {}

  fault(place: Place, message: string): null {
    this.findings.fault(place, message);
    return null;
  }

  node(key: string): Node | undefined {
    return valueOf(this.service, key);
  }

  /** Notes that a field comes from the file. */
  fromFile(name: string, { file, line, column }: Place): void {
    this.origins.set(name, { kind: 'file', path: file, line, column });
  }

  /** Reads a single value. `wanted` ends the sentence "`key` has to be …". */
  scalar<T>(key: string, parse: (text: string) => T | null, wanted: string, node = this.node(key)): T | null {
    if (node?.kind !== 'scalar' || isNull(node)) return null;
    const value = parse(node.text);
    if (value === null) return this.fault(node.place, `\`${key}\` has to be ${wanted}.`);
    this.fromFile(key, node.place);
    return value;
  }

  text(key: string): string | null {
    return this.scalar(key, (text) => (text === '' ? null : text), 'a text that is not empty');
  }

  boolean(key: string): boolean | null {
    return this.scalar(key, parseBoolean, '`true` or `false`');
  }

  /** The single values of a list; a single value alone counts as one. */
  list(key: string): readonly Scalar[] {
    const node = this.node(key);
    if (node === undefined || (node.kind === 'scalar' && isNull(node))) return [];
    this.fromFile(key, node.place);
    const items = node.kind === 'list' ? node.items : [node];
    return items.filter((item) => item.kind === 'scalar');
  }

  /** Distinct texts of a list, sorted. */
  set(key: string, parse: (text: string) => string | null, wanted: string): readonly string[] {
    const texts = this.list(key).flatMap(({ text, place }) => {
      const value = parse(text);
      if (value === null) return this.fault(place, `Each entry of \`${key}\` has to be ${wanted}.`) ?? [];
      this.fromFile(`${key}.${value}`, place);
      return value;
    });
    return [...new Set(texts)].sort();
  }

  /** The entries of a mapping, sorted by name, each with its origin. */
  entries(key: string): readonly (Entry & { readonly name: string })[] {
    const node = this.node(key);
    if (node?.kind !== 'map') return [];
    this.fromFile(key, node.place);
    const sorted = [...node.entries].sort(([a], [b]) => (a < b ? -1 : 1));
    return sorted.map(([name, entry]) => {
      this.fromFile(`${key}.${name}`, entry.place);
      return { ...entry, name };
    });
  }

  /** Warns where YAML makes another text of a value that is passed on as a text. */
  warnOfNumber(value: Node): void {
    if (value.kind !== 'scalar' || value.source === null) return;
    const { source, text, place } = value;
    this.findings.warning(
      place,
      `${quoted(source)} without quotes means ${quoted(text)}. Put it in quotes if it is a text.`,
    );
  }
}
