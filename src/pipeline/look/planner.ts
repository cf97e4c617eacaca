import type { Clock } from '../../clock.js';
import { asSlipwayError } from '../../errors.js';
import type { Events } from '../../events.js';
import type { Log } from '../../log.js';
import type { Look } from '../../model/look.js';
import type { Store } from '../../store/contract.js';
import { lookPauses, pauseAfter, pauseUntil, recordPauses } from '../../queue/pauses.js';
import type { Quarantine } from '../../queue/quarantine.js';
import { createWake } from '../../queue/wake.js';

export interface PlannerDeps {
  readonly store: Store;
  readonly events: Events;
  readonly clock: Clock;
  readonly log: Log;
  /** Identifies this process in the marks on its work. */
  readonly worker: () => string;
  readonly quarantine: Quarantine;
  /**
   * Opens a batch of looks at one repository, which share a snapshot. The result processes one look completely: recorded, done or
   * postponed.
   */
  readonly openBatch: (looks: readonly Look[]) => (look: Look) => Promise<void>;
  /** Resolves when planning may go on. Awaited before looks are taken and before each look. */
  readonly whenIdle: () => Promise<void>;
}

/** This many repositories are processed in parallel. Looks at one repository run one after another, in batches of all that are due. */
const MAX_PARALLEL_REPOSITORIES = 4;
const MAX_LOOKS_TOGETHER = 100;
const IDLE_MS = 60_000;
/** While some repositories are in progress, looks at others may become due. */
const BUSY_MS = 1_000;

/** Looks at one repository that are processed together. */
interface Group {
  readonly repository: string;
  readonly looks: readonly Look[];
  /** Called when they are finished. */
  readonly leave: () => void;
}

/** Takes due looks from the store, oldest first, until the signal aborts. Resolves when the last one is finished. */
export async function runPlanner(deps: PlannerDeps, signal: AbortSignal): Promise<void> {
  const inHand = new Map<string, Promise<void>>();
  const wake = createWake(deps.events, ['look', 'looked']);
  while (!signal.aborted) {
    await deps.whenIdle();
    const now = deps.clock.now();
    for (const { repository, looks, leave } of await dueLooks(deps, inHand, now)) {
      const done = processAll(looks, deps, signal).finally(() => {
        leave();
        inHand.delete(repository);
        deps.events.publish({ type: 'looked' });
      });
      inHand.set(repository, done);
    }
    await wake.within(inHand.size > 0 ? BUSY_MS : await untilDue(deps, now), deps.clock, signal);
  }
  wake.close();
  await Promise.all(inHand.values());
}

/** Due looks by repository, up to the free capacity, without repositories in progress. */
async function dueLooks(
  deps: PlannerDeps,
  inHand: ReadonlyMap<string, unknown>,
  now: number,
): Promise<readonly Group[]> {
  const { store, quarantine, log } = deps;
  const found: Group[] = [];
  const isFull = () => found.length >= MAX_PARALLEL_REPOSITORIES - inHand.size;
  if (isFull()) return [];
  const lower = (repository: string) => repository.toLowerCase();
  try {
    const apart = await quarantine.repositories();
    const except = [...inHand.keys()].map(lower);
    const suspect = apart.size === 0 ? null : await dueSuspect(deps, except, now);
    if (suspect) found.push(suspect);
    const closed = suspect ? apart : closedNow(apart, quarantine);
    for (const [repository, looks] of byRepository(
      await store.looks.due(now, MAX_LOOKS_TOGETHER, [...except, ...closed]),
    )) {
      if (isFull()) break;
      const leave = apart.has(lower(repository)) ? quarantine.enter() : () => undefined;
      if (leave) found.push({ repository, looks, leave });
    }
  } catch (error) {
    log.error({ err: error }, 'could not read the looks that are due');
  }
  return found;
}

function byRepository(looks: readonly Look[]): ReadonlyMap<string, readonly Look[]> {
  const groups = new Map<string, Look[]>();
  for (const look of looks) groups.set(look.repository, [...(groups.get(look.repository) ?? []), look]);
  return groups;
}

/** The repositories that are blocked now: all of them while a suspect is in progress. */
function closedNow(apart: ReadonlySet<string>, quarantine: Quarantine): ReadonlySet<string> {
  const leave = quarantine.enter();
  leave?.();
  return leave === null ? apart : new Set();
}

/** A suspect is processed alone. Null if none is due or may be taken now. */
async function dueSuspect({ store, quarantine }: PlannerDeps, except: readonly string[], now: number) {
  const leave = quarantine.enterAlone();
  if (leave === null) return null;
  let look: Look | null = null;
  try {
    look = await store.setAsides.suspect(now, except);
  } finally {
    if (look === null) leave();
  }
  return look && { repository: look.repository, looks: [look], leave };
}

/** `asked`: when the store was asked for looks. Looks that were due then and not taken wait for a suspect. */
async function untilDue({ store, clock }: PlannerDeps, asked: number): Promise<number> {
  try {
    const next = await store.looks.nextDueAt([]);
    if (next === null) return IDLE_MS;
    return next <= asked ? BUSY_MS : Math.min(Math.max(0, next - clock.now()), IDLE_MS);
  } catch {
    return BUSY_MS;
  }
}

/** In order. When the signal aborts, the rest is left for the next start. */
async function processAll(looks: readonly Look[], deps: PlannerDeps, signal: AbortSignal): Promise<void> {
  const { store, worker, clock, log } = deps;
  const ids = looks.map(({ id }) => id);
  try {
    await store.inHand.takeLooks(ids, worker());
  } catch (error) {
    log.error({ err: error }, 'could not begin looks; will try again');
    await clock.sleep(recordPauses.firstMs, signal);
    return;
  }
  const onLook = deps.openBatch(looks);
  for (const [at, look] of looks.entries()) {
    await deps.whenIdle();
    if (signal.aborted) {
      await store.inHand
        .free({ looks: ids.slice(at) })
        .catch((err: unknown) => log.warn({ err }, 'could not clear the marks on looks'));
      return;
    }
    await process(look, onLook, deps, signal);
  }
}

async function process(
  look: Look,
  onLook: (look: Look) => Promise<void>,
  deps: PlannerDeps,
  signal: AbortSignal,
): Promise<void> {
  const log = deps.log.child({ look: look.id, delivery: look.trigger.deliveryId, repository: look.repository });
  try {
    await onLook(look);
  } catch (thrown) {
    await keepOrFail(look, thrown, { ...deps, log }).catch(async (error: unknown) => {
      log.error({ err: error }, 'could not put back a look; will try again');
      // It is still due. Without a pause it would be retried in a tight loop, each time asking the git host.
      await deps.clock.sleep(pauseAfter(look.attempt + 3, recordPauses), signal);
    });
  }
}

/** A retryable error keeps the look, with growing pauses. Any other ends it, and the delivery says why. */
async function keepOrFail(look: Look, thrown: unknown, { store, clock, events, log }: PlannerDeps): Promise<void> {
  const error = asSlipwayError(thrown);
  if (error.retryable) {
    const now = clock.now();
    const pause = pauseUntil(error.retryAt, now, pauseAfter(look.attempt, lookPauses));
    log.warn({ code: error.code, pause }, `could not look, trying again: ${error.message}`);
    await store.looks.postpone(look.id, now + pause, { code: error.code, message: error.message });
    return;
  }
  log.error({ code: error.code, err: error }, `could not look: ${error.message}`);
  const { deliveryId } = look.trigger;
  if (deliveryId !== null) {
    const settled = await store.deliveries.settle(deliveryId, 'failed', `${error.code}: ${error.message}`);
    for (const id of settled) events.publish({ type: 'delivery', id, status: 'failed' });
  }
  await store.looks.done(look.id);
}
