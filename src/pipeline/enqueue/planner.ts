import { abortWith, type Clock } from '../../clock.js';
import { asSlipwayError } from '../../errors.js';
import type { Events, SlipwayEvent } from '../../events.js';
import type { Log } from '../../log.js';
import type { Look } from '../../model.js';
import type { Store } from '../../store/contract.js';
import { lookPauses, pauseAfter, recordPauses } from './pauses.js';

export interface PlannerDeps {
  readonly store: Store;
  readonly events: Events;
  readonly clock: Clock;
  readonly log: Log;
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

/** Takes due looks from the store, oldest first, until the signal aborts; resolves when the last one in hand is done. */
export async function runPlanner(deps: PlannerDeps, signal: AbortSignal): Promise<void> {
  const inHand = new Map<string, Promise<void>>();
  const wake = createWake(deps.events, ['look', 'looked']);
  while (!signal.aborted) {
    await deps.calm();
    for (const [repository, looks] of await dueLooks(deps, inHand)) {
      const done = workOffAll(looks, deps, signal).finally(() => {
        inHand.delete(repository);
        deps.events.publish({ type: 'looked' });
      });
      inHand.set(repository, done);
    }
    await wake.within(inHand.size > 0 ? BUSY_MS : await untilDue(deps), deps.clock, signal);
  }
  wake.close();
  await Promise.all(inHand.values());
}

/** Looks that are due, by repository: as many repositories as there is room for, those in hand left out. */
async function dueLooks({ store, clock, log }: PlannerDeps, inHand: ReadonlyMap<string, unknown>) {
  const free = SIDE_BY_SIDE - inHand.size;
  if (free <= 0) return [];
  try {
    const groups = new Map<string, Look[]>();
    for (const look of await store.looks.due(clock.now(), TOGETHER, [...inHand.keys()])) {
      groups.set(look.repository, [...(groups.get(look.repository) ?? []), look]);
    }
    return [...groups].slice(0, free);
  } catch (error) {
    log.error({ err: error }, 'cannot read the looks that are due');
    return [];
  }
}

async function untilDue({ store, clock }: PlannerDeps): Promise<number> {
  try {
    const next = await store.looks.nextDueAt([]);
    return next === null ? IDLE_MS : Math.min(Math.max(0, next - clock.now()), IDLE_MS);
  } catch {
    return BUSY_MS;
  }
}

/** In order; those that are left when the signal aborts are due at the next start. */
async function workOffAll(looks: readonly Look[], deps: PlannerDeps, signal: AbortSignal): Promise<void> {
  const onLook = deps.beginLooking(looks);
  for (const look of looks) {
    await deps.calm();
    if (signal.aborted) return;
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
    await store.deliveries.settle(deliveryId, 'failed', `${error.code}: ${error.message}`);
    events.publish({ type: 'delivery', id: deliveryId, status: 'failed' });
  }
  await store.looks.done(look.id);
}

/** Sleeping that an event cuts short; an event that comes while nobody sleeps is not lost. */
export function createWake(events: Events, types: readonly SlipwayEvent['type'][]) {
  let pending = false;
  let current: AbortController | null = null;
  const now = () => {
    pending = true;
    current?.abort();
  };
  const close = events.subscribe((event) => {
    if (types.includes(event.type)) now();
  });
  return {
    now,
    close,
    async within(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
      if (!pending) {
        current = new AbortController();
        const leave = abortWith(current, signal);
        await clock.sleep(ms, current.signal);
        leave();
        current = null;
      }
      pending = false;
    },
  };
}
