import type { NoticeEvent, NoticeSettings } from '../../../config/config.js';
import type { Build } from '../../../model/build.js';
import type { Deployment } from '../../../model/deployment.js';
import type { Drift } from '../outbox/receiver.js';

/** What a build that has ended is to people. `recovered`: it succeeded, and the one before had failed. */
export type BuildEvent = 'failed' | 'recovered' | 'succeeded' | 'canceled';

/** What became of the build of the branch that ended before. Null: there is none. */
export type Former = 'succeeded' | 'failed' | null;

/** Null: people are not notified of it. It has not ended, or a newer one took its place. */
export function eventOf({ status }: Build, former: Former): BuildEvent | null {
  if (status === 'failed' || status === 'canceled') return status;
  if (status === 'succeeded') return former === 'failed' ? 'recovered' : 'succeeded';
  return null;
}

/** Whether one of the settings of a receiver wants the build. */
export function wantsBuild(settings: readonly NoticeSettings[], build: Build, event: BuildEvent, former: Former) {
  const because: readonly NoticeEvent[] = [
    'every',
    ...(event === 'failed' && former !== 'failed' ? (['first-failure'] as const) : []),
    ...(event === 'recovered' ? (['recovery'] as const) : []),
  ];
  return settings.some(
    (one) => has(one, because) && matches(one.services, build.service) && matches(one.branches, build.branch),
  );
}

/** Likewise, of a deployment that has ended. Only those that change a release count. */
export function wantsDeployment(settings: readonly NoticeSettings[], deployment: Deployment): boolean {
  const { kind, status, service, environment, release } = deployment;
  if ((kind !== 'deployment' && kind !== 'rollback') || status === 'superseded') return false;
  return settings.some(
    (one) =>
      has(one, ['deployed']) &&
      matches(one.services, service) &&
      (release === null || matches(one.branches, release.branch)) &&
      isIn(one, environment),
  );
}

/** Likewise, of a drift that began or ended. */
export const wantsDrift = (settings: readonly NoticeSettings[], { service, environment }: Drift): boolean =>
  settings.some((one) => has(one, ['drift']) && matches(one.services, service) && isIn(one, environment));

const has = ({ on }: NoticeSettings, events: readonly NoticeEvent[]): boolean => events.some((event) => on.has(event));

const matches = (patterns: NoticeSettings['services'], name: string): boolean =>
  patterns.length === 0 || patterns.some((pattern) => pattern.matches(name));

const isIn = ({ environments }: NoticeSettings, environment: string): boolean =>
  environments.length === 0 || environments.includes(environment);
