import { textOf, type JsonObject } from '../../docker/answer.js';
import type { Parameters, Ulimit } from '../../model/parameters.js';
import type { HostLimits } from '../contract.js';
import { numberOf, objectsOf } from '../messages/container-state.js';

type LimitFields = Pick<
  Parameters,
  'memory' | 'memorySwap' | 'nanoCpus' | 'pidsLimit' | 'oomScoreAdj' | 'shmSize' | 'ulimits'
>;

/** Bytes of /dev/shm that the engine gives if nobody says otherwise. */
const DEFAULT_SHM_BYTES = 64 * 2 ** 20;

/** The limits of a container. A limit that the host cannot enforce reads as it is wanted: the engine has dropped it. */
export function readLimits(host: JsonObject, limits: HostLimits, like: Parameters | undefined): LimitFields {
  return {
    memory: like && !limits.memory ? like.memory : numberOf(host['Memory']),
    memorySwap: like && !(limits.memory && limits.swap) ? like.memorySwap : numberOf(host['MemorySwap']),
    nanoCpus: numberOf(host['NanoCpus']),
    pidsLimit: readPids(host, limits, like),
    oomScoreAdj: numberOf(host['OomScoreAdj']),
    shmSize: readShm(host, like),
    ulimits: readUlimits(host, like),
  };
}

/** The engine keeps no limit as null, or 0. */
function readPids(host: JsonObject, limits: HostLimits, like: Parameters | undefined): number | null {
  const found = numberOf(host['PidsLimit']);
  if (found > 0) return found;
  if (like === undefined) return null;
  return !limits.pids || like.pidsLimit === -1 ? like.pidsLimit : null;
}

/** An engine may have a default of its own, which it does not say. */
function readShm(host: JsonObject, like: Parameters | undefined): number | null {
  if (like?.shmSize === null) return null;
  const found = numberOf(host['ShmSize']);
  if (found === like?.shmSize) return found;
  return found === 0 || found === DEFAULT_SHM_BYTES ? null : found;
}

/** An engine may have limits of its own; those that are not wanted come from there. */
function readUlimits(host: JsonObject, like: Parameters | undefined): Record<string, Ulimit> {
  const found = objectsOf(host['Ulimits']).map((limit): [string, Ulimit] => [
    textOf(limit, 'Name'),
    { soft: numberOf(limit['Soft']), hard: numberOf(limit['Hard']) },
  ]);
  const wanted = like && new Set(Object.keys(like.ulimits));
  return Object.fromEntries(found.filter(([name]) => wanted === undefined || wanted.has(name)));
}
