import { isUp } from '../../decide/decide-host.js';
import type { HostWork } from './host-work.js';
import { lookAtPair } from './look-at-pair.js';

/** Whether another container of ours runs instead of one, as after a start of the machine. Fails as `Containers`. */
export const isDisplaced = async (id: string, { host, attempt, deps }: HostWork): Promise<boolean> =>
  (await lookAtPair(host, attempt.deployment, deps.labels)).some((one) => one.id !== id && isUp(one));
