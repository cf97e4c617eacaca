import type { Parameters, Ulimit } from '../model/parameters.js';
import type { Fields } from './fields.js';
import { valueOf, type Node } from './node.js';
import { parseBytes, parseCpus, parseInteger } from './values.js';

type LimitFields = Pick<Parameters, 'memory' | 'memorySwap' | 'nanoCpus' | 'pidsLimit' | 'oomScoreAdj' | 'ulimits'>;

/** Limits of the environment's `defaults`. Null: the built-in ones. */
export interface LimitDefaults {
  /** Bytes. */
  readonly memory: number | null;
  /** Billionths of a CPU. */
  readonly nanoCpus: number | null;
}

const DEFAULT_MEMORY_BYTES = 8 * 2 ** 30;
const MAX_PIDS = 2 ** 31;
const MAX_OOM_SCORE = 1000;

/** Reads what the container may use. */
export function readLimits(fields: Fields, defaults: LimitDefaults): LimitFields {
  const memory = readMemory(fields, defaults);
  return {
    memory,
    memorySwap: readMemorySwap(fields, memory),
    nanoCpus: readCpus(fields, defaults),
    pidsLimit: limit(fields, 'pids_limit', 'pids', parsePids, 'a whole number, or -1 for no limit'),
    oomScoreAdj:
      fields.scalar(
        'oom_score_adj',
        (text) => parseInteger(text, -MAX_OOM_SCORE, MAX_OOM_SCORE),
        'from -1000 to 1000',
      ) ?? 0,
    ulimits: readUlimits(fields),
  };
}

/** A limit that two keys can set, `key` and one below `deploy.resources.limits`. */
function limit(
  fields: Fields,
  key: string,
  below: string,
  parse: (text: string) => number | null,
  wanted: string,
): number | null {
  const node = ['deploy', 'resources', 'limits', below].reduce<Node | undefined>(
    (at, name) => at && valueOf(at, name),
    fields.service,
  );
  const deployed = fields.scalar(key, parse, wanted, node);
  const own = fields.scalar(key, parse, wanted);
  if (node !== undefined && deployed !== null && own !== null && deployed !== own) {
    return fields.fault(node.place, `\`${key}\` and \`deploy.resources.limits.${below}\` differ; keep one of them.`);
  }
  return own ?? deployed;
}

function readMemory(fields: Fields, defaults: LimitDefaults): number {
  const memory = limit(fields, 'mem_limit', 'memory', parseBytes, 'a size such as `8g` or `512MiB`');
  if (memory !== null) return memory;
  if (defaults.memory !== null) fields.origins.set('mem_limit', { kind: 'environment' });
  return defaults.memory ?? DEFAULT_MEMORY_BYTES;
}

/** Memory and swap together. Without a key there is no additional swap. */
function readMemorySwap(fields: Fields, memory: number): number {
  const total = fields.scalar(
    'memswap_limit',
    (text) => (text === '-1' ? -1 : parseBytes(text)),
    'a size, or -1 for no limit',
  );
  const place = fields.node('memswap_limit')?.place;
  if (total === null || place === undefined) return memory;
  if (memory === 0) return fields.fault(place, '`memswap_limit` needs a memory limit (`mem_limit`).') ?? 0;
  if (total !== -1 && total < memory) {
    return (
      fields.fault(place, '`memswap_limit` counts memory and swap together, so it cannot be below the memory limit.') ??
      memory
    );
  }
  return total;
}

function readCpus(fields: Fields, defaults: LimitDefaults): number {
  const nanoCpus = limit(fields, 'cpus', 'cpus', parseCpus, 'a number such as `1.5`');
  if (nanoCpus !== null) return nanoCpus;
  if (defaults.nanoCpus !== null) fields.origins.set('cpus', { kind: 'environment' });
  return defaults.nanoCpus ?? 0;
}

function parsePids(text: string): number | null {
  const value = parseInteger(text, -1, MAX_PIDS);
  return value === 0 ? -1 : value;
}

function readUlimits(fields: Fields): Record<string, Ulimit> {
  const read = fields.entries('ulimits').flatMap(({ name, value, place }) => {
    const [soft, hard] = value.kind === 'map' ? ['soft', 'hard'].map((key) => valueOf(value, key)) : [value, value];
    const [low, high] = [soft, hard].map((node) =>
      node?.kind === 'scalar' ? parseInteger(node.text, -1, Number.MAX_SAFE_INTEGER) : null,
    );
    const limits =
      low === null || high === null || low === undefined || high === undefined ? null : { soft: low, hard: high };
    if (!/^[a-z]+$/.test(name) || limits === null) {
      return (
        fields.fault(
          place,
          'Each of `ulimits` has to be a whole number, or `soft` and `hard` with one each; -1 is no limit.',
        ) ?? []
      );
    }
    if (limits.hard !== -1 && (limits.soft === -1 || limits.soft > limits.hard)) {
      return fields.fault(place, `The soft limit of \`${name}\` is above the hard one.`) ?? [];
    }
    return [[name, limits] as const];
  });
  return Object.fromEntries(read);
}
