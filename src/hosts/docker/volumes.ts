import { SlipwayError } from '../../errors.js';
import type { HostVolumes } from '../contract.js';
import { hostFault } from '../messages/faults.js';
import type { Calls } from './calls.js';
import { isName } from './names.js';

const TIMEOUT_MS = 60_000;

/** The named volumes of an engine over its API. See `HostVolumes`. */
export function createVolumes(calls: Calls): HostVolumes {
  return {
    async exists(name) {
      if (!isName(name)) return false;
      const answer = await calls.ask({ method: 'GET', path: `/volumes/${name}` }, TIMEOUT_MS);
      if (answer.status >= 400 && answer.status !== 404) throw hostFault(calls.host, answer);
      return answer.status !== 404;
    },
    async create(name, labels) {
      if (!isName(name)) throw new SlipwayError('internal', `“${name}” is no name of a volume.`);
      const json = { Name: name, Labels: labels };
      const answer = await calls.ask({ method: 'POST', path: '/volumes/create', json }, TIMEOUT_MS);
      if (answer.status >= 400) throw hostFault(calls.host, answer);
    },
  };
}
