import type { AccessToken } from '../../access.js';
import type { Clock } from '../../clock.js';
import type { Engine } from '../../engine/contract.js';
import type { Service } from '../../model/service.js';
import type { WaitingFor } from '../../model/waiting-for.js';
import type { Refusals } from '../../pipeline/accept/refusals.js';
import type { Readiness } from '../../server/contract.js';
import type { Disk } from '../../server/readiness.js';
import type { Store, WaitingNotices } from '../../store/contract.js';
import { version } from '../../version.js';
import type { System, SystemCheck, TokenUse, WaitCause, WebhookState } from './contract.js';
import { remedies } from './remedies.js';

export interface SystemDeps {
  readonly readiness: Readiness;
  readonly store: Pick<Store, 'audit' | 'deliveries' | 'housekeeping' | 'notices'>;
  readonly engine: Pick<Engine, 'version'>;
  readonly refusals: Pick<Refusals, 'all'>;
  readonly services: () => ReadonlyMap<string, Service>;
  readonly tokens: () => readonly AccessToken[];
  readonly concurrency: () => number;
  /** Null: the file system does not say. */
  readonly disk: () => Promise<Disk | null>;
  /** Name of the newest migration. */
  readonly database: string;
  readonly clock: Clock;
}

/** An engine is given this long to say its version (milliseconds). */
const PATIENCE_MS = 2_000;

/** What waits and is read at once. */
const MAX_WAITS = 1_000;

/** The state of Slipway itself. What tokens do is remembered since the start. */
export function createSystem(deps: SystemDeps): System {
  const { store, clock } = deps;
  const startedAt = clock.now();
  const lastUse = new Map<string, number>();
  return {
    used: (name) => void lastUse.set(name, clock.now()),
    async answer() {
      const [checks, engine, load, waits, notices, disk, webhooks] = await Promise.all([
        deps.readiness.check(),
        engineVersion(deps),
        store.housekeeping.load(),
        store.housekeeping.waits(clock.now(), MAX_WAITS),
        store.notices.waiting(),
        deps.disk(),
        webhookState(deps),
      ]);
      return {
        versions: { slipway: version, node: process.versions.node, engine, database: deps.database },
        startedAt,
        checks: checksOf(checks),
        queue: { ...load, concurrency: deps.concurrency() },
        waits: [...causesOf(waits), ...notices.map(causeOfNotices)],
        disk,
        webhooks,
      };
    },
    tokens: () => Promise.all(deps.tokens().map((token) => useOf(token, lastUse, deps))),
  };
}

/** `ok` is the message of a check that has nothing to say. */
function checksOf(checks: Awaited<ReturnType<Readiness['check']>>): readonly SystemCheck[] {
  return (Object.keys(remedies) as (keyof typeof remedies)[]).map((name) => {
    const { ok, message } = checks[name];
    if (ok && message === 'ok') return { name, state: 'ok', message: null, remedy: null };
    return { name, state: ok ? 'note' : 'fault', message, remedy: remedies[name] };
  });
}

async function engineVersion({ engine, clock }: SystemDeps): Promise<string | null> {
  const patience = new AbortController();
  const tooLate = clock.sleep(PATIENCE_MS, patience.signal).then(() => null);
  const answer = engine.version().catch(() => null);
  return Promise.race([answer, tooLate]).finally(() => patience.abort());
}

function causesOf(waits: readonly WaitingFor[]): readonly WaitCause[] {
  const byCode = new Map<string, WaitCause>();
  for (const wait of waits) {
    const known = byCode.get(wait.code);
    byCode.set(wait.code, known ? { ...known, count: known.count + 1 } : { ...wait, count: 1 });
  }
  return [...byCode.values()];
}

/** Undelivered notices of one receiver. Its address is not known here: it may hold a token. */
const causeOfNotices = ({ receiver, count, waitedOut, until }: WaitingNotices): WaitCause => ({
  ...{ code: waitedOut.code, message: `${receiver}: ${waitedOut.message}`, until, count },
});

async function webhookState({ services, store, refusals }: SystemDeps): Promise<WebhookState> {
  // GitHub's names differ not by case.
  const names = new Map([...services().values()].map(({ repository }) => [repository.toLowerCase(), repository]));
  const [heard, refused] = await Promise.all([store.deliveries.heard([...names.keys()]), refusals.all()]);
  const repositories = [...names]
    .map(([lower, repository]) => ({ repository, lastHeardAt: heard.get(lower) ?? null }))
    .sort((a, b) => (a.repository < b.repository ? -1 : 1));
  return { repositories, refused };
}

async function useOf(
  { name, scopes, environments }: AccessToken,
  lastUse: ReadonlyMap<string, number>,
  { store }: SystemDeps,
): Promise<TokenUse> {
  const { items } = await store.audit.page({ by: name, limit: 1, cursor: null });
  return { name, scopes, environments, lastUsedAt: lastUse.get(name) ?? null, lastActedAt: items[0]?.at ?? null };
}
