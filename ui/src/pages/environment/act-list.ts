import type { ServiceThere } from '../../environments/types.js';

type ActName = 'restart' | 'stop' | 'start' | 'rollback' | 'adopt-observed' | 'remove';

export interface Act {
  readonly name: ActName;
  /** As a menu says it. */
  readonly words: string;
  /** What happens, as a sentence. */
  readonly effect: string;
}

const all: Readonly<Record<ActName, Act>> = {
  restart: { name: 'restart', words: 'Restart', effect: 'Its containers are stopped and started again, host by host.' },
  stop: {
    name: 'stop',
    words: 'Stop',
    effect: 'Its containers are stopped until it is started or deployed again. Until then, nothing counts as drift.',
  },
  start: { name: 'start', words: 'Start', effect: 'Its containers are started again.' },
  rollback: {
    name: 'rollback',
    words: 'Roll back',
    effect: 'What ran well before is deployed again, with the settings of today. It passes window, approvals and hold.',
  },
  'adopt-observed': {
    name: 'adopt-observed',
    words: 'Adopt what runs',
    effect: 'What runs there becomes what should run. Nothing is changed on the hosts.',
  },
  remove: {
    name: 'remove',
    words: 'Remove',
    effect: 'Its containers are stopped for good, and nothing should run any more. Images are kept.',
  },
};

/** What makes sense for a service as it is. The server decides. */
export function actsOf({ desired, hosts, scale }: ServiceThere): readonly Act[] {
  const isDrifted = hosts.some(({ drift }) => drift.length > 0);
  const runs = hosts.some(({ state }) => state === 'running');
  if (desired === null) return runs ? [all['adopt-observed']] : [];
  const isStopped = scale.wanted === 0;
  return [
    ...(isStopped ? [all.start] : [all.restart, all.stop]),
    all.rollback,
    ...(isDrifted && runs ? [all['adopt-observed']] : []),
    all.remove,
  ];
}

/** What has to be typed before an act. Null: nothing. */
export function typedBefore(act: Act, service: string, environment: string, isProtected: boolean): string | null {
  if (isProtected) return environment;
  return act.name === 'remove' ? service : null;
}
