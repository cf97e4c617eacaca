import type { Clock } from '../../clock.js';
import { asSlipwayError } from '../../errors.js';
import type { Events } from '../../events.js';
import type { Log } from '../../log.js';
import type { Look } from '../../model/look.js';
import type { Store } from '../../store/contract.js';
import { lookPauses, pauseAfter, recordPauses } from '../../queue/pauses.js';
import type { Quarantine } from '../../queue/quarantine.js';
import { createWake } from '../../queue/wake.js';

export interface PlannerDeps {
  readonly store: Store;
  readonly events: Events;
  readonly clock: Clock;
  readonly log: Log;
  /** Names this process in the marks of what it has in hand. */
  readonly worker: string;
  readonly quarantine: Quarantine;
  /** For looks at one repository that see the world alike: what works each of them off completely (recorded, done or postponed). */
  readonly beginLooking: (looks: readonly Look[]) => (look: Look) => Promise<void>;
  /** Waited for before looks are taken and before each of them: what goes before planning. */
  readonly calm: () => Promise<void>;
}

/** Looks at one repository run one after another, those that are due by then together; this many repositories side by side. */
const SIDE_BY_SIDE = 4;
const TOGETHER = 100;
const IDLE_MS = 60_000;
/** While some repositories are in hand, looks at others may become due. */
const BUSY_MS = 1_000;

/** Looks at one repository that are worked off together. */
interface Group {
  readonly repository: string;
  readonly looks: readonly Look[];
  /** Called when they are worked off. */
  readonly leave: () => void;
}

/** Takes due looks from the store, oldest first, until the signal aborts; resolves when the last one in hand is done. */
export async function runPlanner(deps: PlannerDeps, signal: AbortSignal): Promise<void> {
  const inHand = new Map<string, Promise<void>>();
  const wake = createWake(deps.events, ['look', 'looked']);
  while (!signal.aborted) {
    await deps.calm();
    const now = deps.clock.now();
    for (const { repository, looks, leave } of await dueLooks(deps, inHand, now)) {
      const done = workOffAll(looks, deps, signal).finally(() => {
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

/** Looks that are due, by repository: as many repositories as there is room for, those in hand left out. */
async function dueLooks(
  deps: PlannerDeps,
  inHand: ReadonlyMap<string, unknown>,
  now: number,
): Promise<readonly Group[]> {
  const { store, quarantine, log } = deps;
  const found: Group[] = [];
  const isFull = () => found.length >= SIDE_BY_SIDE - inHand.size;
  if (isFull()) return [];
  const lower = (repository: string) => repository.toLowerCase();
  try {
    const apart = await quarantine.repositories();
    const except = [...inHand.keys()].map(lower);
    const suspect = apart.size === 0 ? null : await dueSuspect(deps, except, now);
    if (suspect) found.push(suspect);
    const closed = suspect ? apart : closedNow(apart, quarantine);
    for (const [repository, looks] of byRepository(await store.looks.due(now, TOGETHER, [...except, ...closed]))) {
      if (isFull()) break;
      const leave = apart.has(lower(repository)) ? quarantine.enter() : () => undefined;
      if (leave) found.push({ repository, looks, leave });
    }
  } catch (error) {
    log.error({ err: error }, 'cannot read the looks that are due');
  }
  return found;
}

function byRepository(looks: readonly Look[]): ReadonlyMap<string, readonly Look[]> {
  const groups = new Map<string, Look[]>();
  for (const look of looks) groups.set(look.repository, [...(groups.get(look.repository) ?? []), look]);
  return groups;
}

/** Of these repositories, those of which nothing may be taken now: all, where a suspect is in hand. */
function closedNow(apart: ReadonlySet<string>, quarantine: Quarantine): ReadonlySet<string> {
  const leave = quarantine.enter();
  leave?.();
  return leave === null ? apart : new Set();
}

/** A suspect is worked off on its own; null where none is due, or none may be taken now. */
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

/** `asked`: when the store was asked for looks. What was due then and was not taken is held back, for a suspect is in hand. */
async function untilDue({ store, clock }: PlannerDeps, asked: number): Promise<number> {
  try {
    const next = await store.looks.nextDueAt([]);
    if (next === null) return IDLE_MS;
    return next <= asked ? BUSY_MS : Math.min(Math.max(0, next - clock.now()), IDLE_MS);
  } catch {
    return BUSY_MS;
  }
}

/** In order; those that are left when the signal aborts are due at the next start. */
async function workOffAll(looks: readonly Look[], deps: PlannerDeps, signal: AbortSignal): Promise<void> {
  const { store, worker, clock, log } = deps;
  const ids = looks.map(({ id }) => id);
  try {
    await store.inHand.takeLooks(ids, worker);
  } catch (error) {
    log.error({ err: error }, 'looks cannot be begun; they are taken up again in a moment');
    await clock.sleep(recordPauses.first, signal);
    return;
  }
  const onLook = deps.beginLooking(looks);
  for (const [at, look] of looks.entries()) {
    await deps.calm();
    if (signal.aborted) {
      await store.inHand.free({ looks: ids.slice(at) }).catch((err: unknown) => log.warn({ err }, 'looks stay marked'));
      return;
    }
    await workOff(look, onLook, deps, signal);
  }
}

async function workOff(
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
      log.error({ err: error }, 'a look could not be put back; it is taken up again in a moment');
      // It is still due, so without a pause it would be worked on without end, and the git host asked each time.
      await deps.clock.sleep(pauseAfter(look.attempt + 3, recordPauses), signal);
    });
  }
}

/** A fault that may pass keeps the look, with growing pauses; any other ends it, and the delivery says why. */
async function keepOrFail(look: Look, thrown: unknown, { store, clock, events, log }: PlannerDeps): Promise<void> {
  const error = asSlipwayError(thrown);
  if (error.retryable) {
    const pause = pauseAfter(look.attempt, lookPauses);
    log.warn({ code: error.code, pause }, `cannot look now, trying again: ${error.message}`);
    await store.looks.postpone(look.id, clock.now() + pause);
    return;
  }
  log.error({ code: error.code, err: error }, `cannot look: ${error.message}`);
  const { deliveryId } = look.trigger;
  if (deliveryId !== null) {
    const settled = await store.deliveries.settle(deliveryId, 'failed', `${error.code}: ${error.message}`);
    for (const id of settled) events.publish({ type: 'delivery', id, status: 'failed' });
  }
  await store.looks.done(look.id);
}
