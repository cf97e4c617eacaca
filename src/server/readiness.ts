import { statfs } from 'node:fs/promises';
import type { Readiness } from './contract.js';
import type { Clock } from '../clock.js';
import type { RefusedConfig } from '../config/live-config.js';
import type { Engine } from '../engine/contract.js';
import { asSlipwayError, SlipwayError } from '../errors.js';
import type { GitHost } from '../git/contract.js';
import type { HostObservation } from '../model/observation.js';
import type { Registry } from '../registry/contract.js';
import type { SetAside, Store } from '../store/contract.js';
import { configurationText, hostsText, MAX_WAITS, waitsText } from './readiness-texts.js';

export interface ReadinessDeps {
  readonly engine: Engine;
  readonly registry: Registry;
  readonly store: Store;
  readonly git: GitHost;
  /** One repository that must be reachable, or null. */
  readonly repository: () => string | null;
  readonly dataDir: string;
  /** Bytes. */
  readonly freeDisk: () => number;
  readonly clock: Clock;
  /** The changed configuration that was not taken, or null. */
  readonly refusedConfig: () => RefusedConfig | null;
  readonly observations: () => readonly HostObservation[];
}

type Checks = Awaited<ReturnType<Readiness['check']>>;
/** Resolves with the message. Anything but text means `ok`. */
type Probes = Record<keyof Checks, () => Promise<unknown>>;

/** Each dependency is asked at most this often, and given this long (milliseconds). */
const FRESH_MS = 3_000;
const PATIENCE_MS = 4_000;

/** Names at most this many set-asides, the newest. */
const MAX_NAMED = 20;

/** Asks each dependency whether it answers. Answers are shared for a few seconds, so that probes are cheap. */
export function createReadiness(deps: ReadinessDeps): Readiness {
  const { engine, registry, store, git } = deps;
  const probes: Probes = {
    engine: () => engine.ping(),
    registry: () => registry.ping(),
    store: () => store.housekeeping.load(),
    git: async () => {
      const repository = deps.repository();
      if (repository !== null) await git.mirror(repository).remote.refs();
    },
    disk: () => requireFreeDisk(deps.dataDir, deps.freeDisk()),
    // The server stays in rotation: everything else works.
    setAside: async () => namesOf(await store.setAsides.all().catch(() => [])),
    configuration: async () => configurationText(deps.refusedConfig()),
    waiting: async () => waitsText(await store.housekeeping.waits(deps.clock.now(), MAX_WAITS).catch(() => [])),
    hosts: async () => hostsText(deps.observations()),
  };
  let last: { at: number; checks: Promise<Checks> } | null = null;
  return {
    check() {
      const now = deps.clock.now();
      // A clock that was set back must not keep an old answer fresh.
      if (last === null || Math.abs(now - last.at) > FRESH_MS) last = { at: now, checks: runAll(probes, deps.clock) };
      return last.checks;
    },
  };
}

async function runAll(probes: Probes, clock: Clock): Promise<Checks> {
  const run = async (probe: () => Promise<unknown>) => {
    const patience = new AbortController();
    const tooLate = clock.sleep(PATIENCE_MS, patience.signal).then(() => ({ ok: false, message: 'no answer in time' }));
    const answer = probe().then(
      (said) => ({ ok: true, message: typeof said === 'string' ? said : 'ok' }),
      (error: unknown) => ({ ok: false, message: asSlipwayError(error).message }),
    );
    return Promise.race([answer, tooLate]).finally(() => patience.abort());
  };
  const [engine, registry, store, git, disk, setAside, configuration, waiting, hosts] = await Promise.all([
    run(probes.engine),
    run(probes.registry),
    run(probes.store),
    run(probes.git),
    run(probes.disk),
    run(probes.setAside),
    run(probes.configuration),
    run(probes.waiting),
    run(probes.hosts),
  ]);
  return { engine, registry, store, git, disk, setAside, configuration, waiting, hosts };
}

function namesOf(setAsides: readonly SetAside[]): string {
  const names = setAsides.slice(-MAX_NAMED).map(({ kind, buildId, target, repository, ref }) => {
    const at = target === null ? '' : ` (${target.service} on ${target.branch})`;
    return kind === 'build' ? `build ${buildId}${at}` : `look at ${repository} ${ref ?? '(every branch)'}${at}`;
  });
  return names.length === 0 ? 'ok' : `set aside after repeated crashes: ${names.join('; ')}`;
}

/** Fails with `low-disk` if the folder's file system has fewer free bytes than the floor. */
export async function requireFreeDisk(folder: string, floor: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= floor) return;
  throw new SlipwayError('low-disk', `${mebibytes(free)} are free and limits.freeDisk is ${mebibytes(floor)}.`);
}

export interface Disk {
  readonly free: number;
  readonly total: number;
  readonly floor: number;
}

/** Free and all bytes of the folder's file system, and the floor. Null: the file system does not say. */
export async function diskOf(folder: string, floor: number): Promise<Disk | null> {
  const found = await statfs(folder).catch(() => null);
  return found && { free: found.bavail * found.bsize, total: found.blocks * found.bsize, floor };
}

const mebibytes = (bytes: number): string => `${Math.floor(bytes / 2 ** 20)} MiB`;

/** Why no build may start for lack of disk space, as a sentence, or null. */
export async function lowDiskBlockedBy(dataDir: string, floor: number): Promise<string | null> {
  try {
    await requireFreeDisk(dataDir, floor);
    return null;
  } catch (error) {
    return asSlipwayError(error).message;
  }
}
