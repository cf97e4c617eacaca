import { SlipwayError } from '../../errors.js';
import type { Build } from '../../model/build.js';
import type { Delivery } from '../../model/delivery.js';
import type { Look, NewLook } from '../../model/look.js';
import type { LookTarget, SetAside } from '../../store/contract.js';
import { sameRepository } from '../../same-repository.js';
import type { LookDeps } from './deps.js';
import { endBuild } from '../../queue/end-build.js';
import type { Target } from './targets.js';

const setAsideCode = 'crashed-repeatedly';

/**
 * Sets aside, before any work starts, what processes have died with too often. If a look died while deciding on one service, a new look
 * skips that service so that the others are not delayed.
 */
export async function setAsideFatal(worker: string, deps: LookDeps): Promise<void> {
  const { builds, looks } = await deps.store.setAsides.fatal(worker);
  for (const build of builds) await setBuildAside(build, deps);
  for (const { look, target } of looks) await setLookAside(look, target, deps);
}

async function setBuildAside(build: Build, deps: LookDeps): Promise<void> {
  const { store, clock, log, metrics } = deps;
  const { id, service, branch, deaths } = build;
  const error = new SlipwayError(setAsideCode, `The process died ${deaths} times while it worked on this build.`);
  log.error({ code: setAsideCode, build: id, service, branch }, `build set aside: ${error.message}`);
  metrics.setAside('build');
  const { code, message, step, blame } = error;
  await store.logs.append(build, `FAILED ${code} (${blame}): ${message}\n`, { at: clock.now(), step: null });
  await endBuild(build, { status: 'failed', error: { code, message, step, blame } }, deps);
}

async function setLookAside(look: Look, target: LookTarget | null, deps: LookDeps): Promise<void> {
  const { store, clock, log, events, metrics } = deps;
  const { repository, ref, trigger } = look;
  const at = target === null ? '' : ` at ${target.service} on ${target.branch}`;
  const reason = `${setAsideCode}: The process died ${look.deaths} times while it worked on this look${at}.`;
  log.error({ code: setAsideCode, look: look.id, delivery: trigger.deliveryId, repository, ref, ...target }, reason);
  metrics.setAside('look');
  const now = clock.now();
  const settled = await store.setAsides.look(look, { reason, now, looks: target === null ? [] : [others(look, now)] });
  for (const id of settled) events.publish({ type: 'delivery', id, status: 'failed' });
}

const others = ({ repository, ref, services, before, after }: Look, dueAt: number): NewLook => ({
  trigger: { kind: 'sweep', deliveryId: null, by: null },
  repository,
  ref,
  services,
  before,
  after,
  dueAt,
});

/** What a look must skip. */
export interface Barred {
  /**
   * True if the target must be skipped. Fails with `crashed-repeatedly` if somebody waits for the decision. It is tried again after a new
   * head, changed packaging, base or settings, a replay, a retry or a rebuild.
   */
  passesOver(target: Target): boolean;
  /** The target was decided on without a crash. */
  madeGood(target: Target): void;
  /** The whole look succeeded. Forgets the set-asides that this clears. */
  close(): Promise<void>;
}

/** The set-asides that concern a look. */
export async function openBarred(look: Look, { store }: Pick<LookDeps, 'store'>): Promise<Barred> {
  const all = await store.setAsides.all();
  const good = new Set<number>();
  const isPush = look.trigger.kind === 'push';
  const bars = (it: SetAside, target: Target): boolean => {
    // A push to the central dockerfiles may contain the fix.
    if (isPush ? target.viaCentral : look.trigger.kind !== 'sweep') return false;
    // The sweep finds later changes itself, and never repeats a failed build.
    return (isPush || it.kind === 'look') && isOf(it, target) && it.target?.commit === target.head;
  };
  return {
    passesOver(target) {
      if (!all.some((it) => bars(it, target))) return false;
      if (target.trigger.deliveryId === null) return true;
      const { service, branch, head } = target;
      throw new SlipwayError(
        setAsideCode,
        `The process died repeatedly while it worked on ${service.name} on ${branch} at ${head}.`,
      );
    },
    madeGood(target) {
      for (const it of all) if (it.kind === 'look' && isOf(it, target)) good.add(it.id);
    },
    async close() {
      for (const it of all) if (isOfRepository(it, look.repository)) good.add(it.id);
      await store.setAsides.forget([...good]);
    },
  };
}

const isOf = ({ target }: SetAside, { service, branch }: Target): boolean =>
  target?.service === service.name && target.branch === branch;

/** True if a look at the repository was set aside before it reached any service. */
export const isOfRepository = ({ kind, target, repository }: SetAside, other: string): boolean =>
  kind === 'look' && target === null && sameRepository(repository, other);

/** Somebody asked to try a delivery's services again. */
export async function forgiveDelivery(
  { repository, branch, ...delivery }: Delivery,
  { store }: Pick<LookDeps, 'store'>,
): Promise<void> {
  const concerns = ({ deliveryId, target, ...it }: SetAside): boolean =>
    deliveryId === delivery.id ||
    (repository !== null && sameRepository(it.repository, repository) && (target?.branch ?? branch) === branch);
  const all = await store.setAsides.all();
  await store.setAsides.forget(all.filter(concerns).map(({ id }) => id));
}
