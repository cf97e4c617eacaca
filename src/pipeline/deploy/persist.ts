import type { SlipwayError } from '../../errors.js';
import { converge, type Course } from './converge.js';
import type { HostWork } from './host-work.js';
import { whileItPasses } from './while-it-passes.js';

/** Does something with a host, again if the host goes away in the meantime, until it was away for `timeouts.reach`. */
export function whileReached<T>({ attempt, deps, host }: HostWork, work: () => Promise<T>): Promise<T> {
  const { environment, signal, notes } = attempt;
  const patience = {
    limit: environment.timeouts.reach,
    clock: deps.clock,
    signal,
    ...notes.waits(host.name),
    passes: isOfHost,
  };
  return whileItPasses(patience, work);
}

/** What waits by itself for what it needs has waited long enough when it fails. */
const isOfHost = ({ code }: SlipwayError): boolean => code === 'host-unreachable' || code === 'engine-error';

/** Brings a host where it should be. */
export const persist = (course: Course, work: HostWork): Promise<boolean> =>
  whileReached(work, () => converge(course, work));
