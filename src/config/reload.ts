import type { Clock } from '../clock.js';
import { asSlipwayError } from '../errors.js';
import type { Events } from '../events.js';
import type { Log } from '../log.js';
import type { NewLook } from '../model/look.js';
import type { Service } from '../model/service.js';
import type { Store } from '../store/contract.js';
import type { Config, Fault } from './config.js';
import { fault } from './fault.js';
import { leftBehind } from './left-behind.js';
import type { LiveConfig } from './live-config.js';
import { settingWarnings } from './setting-warnings.js';

export interface ReloadDeps {
  readonly live: LiveConfig;
  readonly store: Store;
  readonly events: Events;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  /** Gives services what they had under their former names. */
  readonly takeOver: (services: Config['services']) => Promise<void>;
  /** Cancels a service's queued builds. */
  readonly cancelQueued: (service: string) => Promise<void>;
}

/** A configuration file as it was read. */
export type ReadConfig =
  { readonly ok: true; readonly config: Config } | { readonly ok: false; readonly faults: readonly Fault[] };

/**
 * Applies a valid configuration: looks again at services whose settings changed, and cancels queued builds of services that are gone. An
 * invalid one changes nothing, and neither does one whose former names cannot be taken over now. Resolves with whether it was applied.
 */
export async function reload(read: ReadConfig, deps: ReloadDeps): Promise<boolean> {
  const { live, store, events, log } = deps;
  if (!read.ok) {
    for (const { path, message } of read.faults) log.error({ path }, `new configuration is faulty: ${message}`);
    log.error({ faults: read.faults.length }, 'configuration in force stays as it is');
    live.refuse({ at: deps.clock.now(), faults: read.faults });
    return false;
  }
  if (!(await takeOver(read.config, deps))) return false;
  const before = live.current();
  const { config, changedServices, goneServices, needRestart } = live.replace(read.config);
  events.publish({ type: 'configuration' });
  log.info({ services: config.services.size, changedServices, goneServices }, 'configuration read again');
  for (const path of needRestart) log.warn({ path }, `${path} changed; it takes effect with the next start`);
  for (const { path, message } of [...leftBehind(before, config), ...settingWarnings(config)]) {
    log.warn({ path }, `${path} ${message}`);
  }
  for (const service of goneServices) await deps.cancelQueued(service);
  const changed = changedServices.flatMap((name) => config.services.get(name) ?? []);
  for (const look of looksAt(changed, deps.clock.now())) await store.looks.add(look);
  if (changed.length > 0) events.publish({ type: 'look' });
  return true;
}

/**
 * Before anything is stored for a new name: a service that has something of its own takes nothing over any more. Resolves with whether it was
 * done.
 */
async function takeOver({ services }: Config, { live, clock, log, ...deps }: ReloadDeps): Promise<boolean> {
  try {
    await deps.takeOver(services);
    return true;
  } catch (error) {
    const { code, message } = asSlipwayError(error);
    const why = `former names of services are not taken over; reload again: ${message}`;
    log.error({ code }, why);
    log.error({ faults: 1 }, 'configuration in force stays as it is');
    live.refuse({ at: clock.now(), faults: [fault('services', why)] });
    return false;
  }
}

/** One look for each repository. */
function looksAt(services: readonly Service[], dueAt: number): NewLook[] {
  const byRepository = new Map<string, string[]>();
  for (const { repository, name } of services) {
    byRepository.set(repository, [...(byRepository.get(repository) ?? []), name]);
  }
  return [...byRepository].map(([repository, names]) => ({
    trigger: { kind: 'settings', deliveryId: null, by: null },
    repository,
    ref: null,
    services: names,
    before: null,
    after: null,
    dueAt,
  }));
}
