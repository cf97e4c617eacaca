import type { Clock } from '../../../clock.js';
import { asSlipwayError } from '../../../errors.js';
import type { Events } from '../../../events.js';
import type { Log } from '../../../log.js';
import { createWake } from '../../../queue/wake.js';
import type { NewNotice, NoticeSubject, Store } from '../../../store/contract.js';
import { changeOf, type ChangeStore } from './change-of.js';
import type { Change, Receiver, ReceiverKind } from './receiver.js';

export interface OutboxDeps {
  readonly store: Pick<Store, 'notices'> & ChangeStore;
  readonly events: Events;
  /** Read each time: a reload may change it. */
  readonly receivers: () => readonly Receiver[];
  /** Called with everything that has ended, once or, after a crash, twice. It must not fail. */
  readonly ended?: ((change: Change) => void) | undefined;
  readonly metrics: { notice(kind: ReceiverKind, outcome: NoticeOutcome): void };
  readonly clock: Clock;
  readonly log: Log;
}

/** `given-up`: it failed too often. */
export type NoticeOutcome = 'delivered' | 'retried' | 'refused' | 'given-up';

/** Stores what others are to be notified of, and delivers it, in the order of the store and across restarts. */
export interface Outbox {
  /** Stores the notices of a change. Never fails: what cannot be stored is logged. */
  note(change: Change): Promise<void>;
  /** The same, but fails as the store does. */
  store(change: Change): Promise<void>;
  /** Turns announcements into notices and delivers those, until the signal aborts. Resolves when the last delivery has ended. */
  run(stopping: AbortSignal): Promise<void>;
  /** Turns what is announced into notices, once nothing runs any more. Never fails: what is left is announced at the next start. */
  finish(): Promise<void>;
}

/** About five hours in all: nobody waits for a notice, and most limits of a receiver end within one. One repetition per entry. */
const pausesMs = [1, 5, 15, 60, 180, 600, 1200, 1800, 3600, 3600, 3600, 3600].map((seconds) => seconds * 1_000);

const MAX_ANNOUNCEMENTS_TOGETHER = 100;
const MAX_SUBJECTS_TOGETHER = 50;
const IDLE_MS = 60_000;
/** After a failure of the store. */
const TROUBLE_MS = 1_000;

export function createOutbox(deps: OutboxDeps): Outbox {
  const { store, events, clock, log } = deps;
  const wake = createWake(events, ['build', 'deployment', 'delivery', 'configuration']);
  /** One at a time, so that notices are stored in the order of their changes. */
  let storing: Promise<void> = Promise.resolve();
  const keep = async (change: Change): Promise<void> => {
    const notices = await noticesOf(change, deps);
    if (notices.length === 0) return;
    await store.notices.put(notices, clock.now());
    wake.now();
  };

  const inTurn = (change: Change): Promise<void> => {
    const stored = storing.then(() => keep(change));
    storing = stored.catch(() => undefined);
    return stored;
  };

  return {
    store: inTurn,
    note: (change) =>
      inTurn(change).catch((err: unknown) => log.warn({ err, change: change.kind }, 'could not store a notice')),
    async run(stopping) {
      const inHand = new Map<string, Promise<void>>();
      while (!stopping.aborted) {
        let pause = IDLE_MS;
        try {
          const more = await storeAnnounced(deps).catch((err: unknown) => {
            log.error({ err }, 'could not store notices of what has ended; will try again');
            pause = TROUBLE_MS;
            return false;
          });
          if (more) wake.now();
          await startDue(inHand, stopping, wake.now, deps);
          const next = await store.notices.nextDueAt([...inHand.keys()]);
          if (next !== null) pause = Math.min(Math.max(0, next - clock.now()), pause);
        } catch (err) {
          log.error({ err }, 'could not read or store notices; will try again');
          pause = TROUBLE_MS;
        }
        await wake.within(pause, clock, stopping);
      }
      wake.close();
      await Promise.all([storing, ...inHand.values()]);
    },
    async finish() {
      try {
        while (await storeAnnounced(deps));
      } catch (err) {
        log.warn({ err }, 'could not store the notices of what ended last');
      }
    },
  };
}

/** Turns announcements into notices. True: there may be more of them. Fails as the store does. */
async function storeAnnounced(deps: OutboxDeps): Promise<boolean> {
  const { store, ended, clock, log } = deps;
  const announced = await store.notices.announced(MAX_ANNOUNCEMENTS_TOGETHER);
  for (const announcement of announced) {
    const change = await changeOf(announcement, store).catch((thrown: unknown) => {
      const error = asSlipwayError(thrown);
      if (error.code === 'store-unavailable') throw error;
      log.error({ err: error, ...announcement }, 'could not read what has ended; nobody is notified of it');
      return null;
    });
    const notices = change === null ? [] : await noticesOf(change, deps);
    await store.notices.put(notices, clock.now(), announcement);
    if (change !== null) ended?.(change);
  }
  return announced.length === MAX_ANNOUNCEMENTS_TOGETHER;
}

/** What one receiver cannot make of a change must not keep it from the others, nor all that follows from everybody. */
async function noticesOf(change: Change, { receivers, log }: OutboxDeps): Promise<readonly NewNotice[]> {
  const all = receivers().map((receiver) =>
    receiver.noticesOf(change).catch((thrown: unknown) => {
      const error = asSlipwayError(thrown);
      if (error.code === 'store-unavailable') throw error;
      log.error({ err: error, kind: receiver.kind, change: change.kind }, 'could not make notices of a change');
      return [];
    }),
  );
  return (await Promise.all(all)).flat();
}

/** A receiver is given one subject after the other: one that does not answer keeps the others waiting no longer than one attempt. */
async function startDue(
  inHand: Map<string, Promise<void>>,
  stopping: AbortSignal,
  onFree: () => void,
  deps: OutboxDeps,
): Promise<void> {
  const { store, clock } = deps;
  const due = await store.notices.due(clock.now(), MAX_SUBJECTS_TOGETHER, [...inHand.keys()]);
  for (const receiver of new Set(due.map((subject) => subject.receiver))) {
    const subjects = due.filter((subject) => subject.receiver === receiver);
    const work = deliverAll(subjects, stopping, deps).finally(() => {
      inHand.delete(receiver);
      onFree();
    });
    inHand.set(receiver, work);
  }
}

async function deliverAll(subjects: readonly NoticeSubject[], stopping: AbortSignal, deps: OutboxDeps): Promise<void> {
  for (const subject of subjects) {
    if (stopping.aborted) return;
    try {
      await deliver(subject, deps);
    } catch (err) {
      deps.log.error({ err, ...subject }, 'could not record a delivered notice; it may be sent again');
      await deps.clock.sleep(TROUBLE_MS, stopping);
    }
  }
}

/** One attempt. Fails only as the store does. */
async function deliver(subject: NoticeSubject, deps: OutboxDeps): Promise<void> {
  const { store, receivers, metrics, clock, log } = deps;
  const notices = await store.notices.of(subject);
  const receiver = receivers().find((one) => one.owns(subject.receiver));
  if (receiver === undefined) {
    log.info({ ...subject }, 'dropped a notice: nobody is configured to receive it any more');
    return store.notices.done(notices);
  }
  const { kind } = receiver;
  try {
    const done = await receiver.deliver(subject.subject, notices);
    if (done !== 'delivered') return await store.notices.postpone(notices, done.until);
    metrics.notice(kind, 'delivered');
    await store.notices.done(notices);
  } catch (thrown) {
    const error = asSlipwayError(thrown);
    if (error.code === 'store-unavailable') throw thrown;
    const { code, message } = error;
    const pause = error.retryable ? pausesMs[Math.max(...notices.map(({ attempt }) => attempt))] : undefined;
    if (pause === undefined) {
      metrics.notice(kind, error.retryable ? 'given-up' : 'refused');
      log.warn({ err: error, ...subject }, `could not deliver a notice: ${message}`);
      return store.notices.done(notices);
    }
    metrics.notice(kind, 'retried');
    const at = Math.max(clock.now() + pause, error.retryAt ?? 0);
    await store.notices.postpone(notices, at, { code, message });
  }
}
