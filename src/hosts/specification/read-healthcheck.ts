import { textsOf, type JsonObject } from '../../docker/answer.js';
import type { Healthcheck, Parameters } from '../../model/parameters.js';
import { numberOf } from '../messages/container-state.js';

const times = {
  interval: 'Interval',
  timeout: 'Timeout',
  startPeriod: 'StartPeriod',
  startInterval: 'StartInterval',
  retries: 'Retries',
} as const;

const nothing = { test: null, interval: null, timeout: null, startPeriod: null, startInterval: null, retries: null };

/** A container's health check. What is not set, or 0, the engine takes from the image. Null if all of it is the image's. */
export function readHealthcheck(seen: JsonObject, image: JsonObject, like: Parameters | undefined): Healthcheck | null {
  const wanted = like?.healthcheck;
  const test = textsOf(seen['Test']);
  if (test[0] === 'NONE') return { disabled: true, ...nothing };
  const read = {
    disabled: false,
    test: readTest(test, textsOf(image['Test']), wanted),
    ...readTimes(seen, image, wanted),
  };
  const isUnset = Object.values(read).every((value) => value === null || value === false);
  return isUnset && (wanted === undefined || wanted === null || wanted.disabled) ? null : read;
}

type Wanted = Healthcheck | null | undefined;

function readTest(found: readonly string[], fromImage: readonly string[], wanted: Wanted): readonly string[] | null {
  const key = JSON.stringify(found);
  if (wanted && key === JSON.stringify(wanted.test ?? fromImage)) return wanted.test;
  return key === JSON.stringify(fromImage) ? null : found;
}

function readTimes(seen: JsonObject, image: JsonObject, wanted: Wanted): Omit<Healthcheck, 'disabled' | 'test'> {
  const read = (name: keyof typeof times): number | null => {
    const [found, fromImage] = [numberOf(seen[times[name]]), numberOf(image[times[name]])];
    if (wanted && found === (wanted[name] || fromImage)) return wanted[name];
    // An engine before API 1.44 knows no start interval: it is not there, however it was asked for.
    if (name === 'startInterval' && found === 0 && wanted) return wanted.startInterval;
    return found === fromImage ? null : found;
  };
  return {
    interval: read('interval'),
    timeout: read('timeout'),
    startPeriod: read('startPeriod'),
    startInterval: read('startInterval'),
    retries: read('retries'),
  };
}
