import type { Controls } from '../contract.js';
import { hostFault, startFault } from '../messages/faults.js';
import { graceSeconds } from '../specification/create-body.js';
import type { Calls, HostAnswer } from './calls.js';
import { isName } from './names.js';

const START_TIMEOUT_MS = 120_000;
/** Beyond the grace period: the engine kills and cleans up. */
const STOP_MARGIN_MS = 30_000;
const UPDATE_TIMEOUT_MS = 30_000;

/** Starts, stops and updates containers over the engine's API. See `Controls`. */
export function createControls(calls: Calls): Controls {
  const { host } = calls;
  /** Start and stop of what runs or is stopped already answer 304. */
  const isDone = (answer: HostAnswer): boolean => answer.status < 400;
  return {
    async start(id) {
      if (!isName(id)) return false;
      const request = { method: 'POST', path: `/containers/${id}/start`, mayBeDone: true } as const;
      const answer = await calls.ask(request, START_TIMEOUT_MS);
      if (isDone(answer)) return true;
      if (answer.status !== 404) throw startFault(host, answer);
      // The engine also says 404 for something that a container needs.
      const seen = await calls.ask({ method: 'GET', path: `/containers/${id}/json` }, UPDATE_TIMEOUT_MS);
      if (seen.status === 404) return false;
      throw startFault(host, answer);
    },
    async stop(id, graceMs) {
      if (!isName(id)) return false;
      const query = { t: String(graceSeconds(graceMs)) };
      const request = { method: 'POST', path: `/containers/${id}/stop`, query, mayBeDone: true } as const;
      const answer = await calls.ask(request, graceMs + STOP_MARGIN_MS);
      if (isDone(answer)) return true;
      if (answer.status === 404) return false;
      throw hostFault(host, answer);
    },
    async setRestart(id, { name, maxRetries }) {
      if (!isName(id)) return false;
      const json = { RestartPolicy: { Name: name, MaximumRetryCount: maxRetries } };
      const answer = await calls.ask({ method: 'POST', path: `/containers/${id}/update`, json }, UPDATE_TIMEOUT_MS);
      if (isDone(answer)) return true;
      if (answer.status === 404) return false;
      throw hostFault(host, answer);
    },
  };
}
