import { clientTypes, eventFilter, passes, subjectOf, type ClientEvent } from '../../../src/api/event-filter.js';
import { asReader, openTestApp } from '../../support/app.js';

const samples: Readonly<Record<ClientEvent['type'], ClientEvent>> = {
  build: { type: 'build', id: 'b-1', service: 'shop', branch: 'main', status: 'running' },
  step: { type: 'step', id: 'b-1', service: 'shop', index: 2, name: 'fetch', status: 'started' },
  queue: { type: 'queue', running: 1, queued: 2 },
  log: { type: 'log', id: 'b-1' },
  delivery: { type: 'delivery', id: 'd-1', status: 'planned' },
  webhook: { type: 'webhook' },
  deployment: { type: 'deployment', id: 't-1', service: 'shop', environment: 'production', status: 'running' },
  observation: { type: 'observation', environment: 'production', host: 'p1', reachable: true },
  hold: { type: 'hold', environment: 'production' },
  configuration: { type: 'configuration' },
};

const passing = (asked: Parameters<typeof eventFilter>[0]) => {
  const filter = eventFilter(asked);
  return clientTypes.filter((type) => passes(samples[type], filter));
};

const allButLog = clientTypes.filter((type) => type !== 'log');

test.each([
  [{}, allButLog],
  [{ types: 'build,delivery' }, ['build', 'delivery']],
  [{ types: ' step , queue ' }, ['step', 'queue']],
  [{ service: 'shop' }, ['build', 'step', 'deployment']],
  [{ service: 'cart' }, []],
  [{ build: 'b-1' }, ['build', 'step', 'log']],
  [{ build: 'b-2' }, []],
  [{ deployment: 't-1' }, ['deployment']],
  [{ environment: 'production' }, ['deployment', 'observation', 'hold']],
  [{ environment: 'production', service: 'shop' }, ['deployment']],
  [{ environment: 'production', service: 'cart' }, []],
  [{ service: 'shop', build: 'b-1' }, ['build', 'step', 'log']],
  [{ service: 'cart', build: 'b-1' }, ['log']],
  // A type that is named passes a filter whose field it lacks, and no other.
  [{ service: 'shop', types: 'build,delivery,queue' }, ['build', 'queue', 'delivery']],
  [{ service: 'cart', types: 'build,delivery,queue' }, ['queue', 'delivery']],
  [{ build: 'b-1', types: 'log' }, ['log']],
  [{ build: 'b-1', types: 'build' }, ['build']],
  [{ build: 'b-2', types: 'log,configuration' }, ['configuration']],
])('%j lets pass %j', (asked, expected) => {
  expect(passing(asked)).toEqual(expected);
});

test('the log of a deployment comes to those who watch it', () => {
  const log: ClientEvent = { type: 'log', id: 't-1' };
  expect(passes(log, eventFilter({ deployment: 't-1' }))).toBe(true);
  expect(passes(log, eventFilter({ deployment: 't-1', types: 'deployment' }))).toBe(false);
  expect(passes(log, eventFilter({ deployment: 't-2', types: 'log' }))).toBe(false);
});

test('what is about the same thing has the same subject, and nothing else has', () => {
  const subjects = clientTypes.map((type) => subjectOf(samples[type]));
  expect(new Set(subjects).size).toBe(clientTypes.length);
  expect(subjectOf({ ...samples.build, status: 'failed' } as ClientEvent)).toBe(subjectOf(samples.build));
  expect(subjectOf({ ...samples.step, index: 3 } as ClientEvent)).not.toBe(subjectOf(samples.step));
  expect(subjectOf({ ...samples.observation, host: 'p2' } as ClientEvent)).not.toBe(subjectOf(samples.observation));
});

describe('the request', () => {
  test.each([
    ['types=build,biuld', '"biuld" is no event', ['build']],
    ['types=look', '"look" is no event', []],
    ['types=build,', '"" is no event', []],
    ['types=log', '"log" is sent only of one build', []],
    ['types=log&service=shop', '"log" is sent only of one build', []],
  ])('%s is refused', async (query, message, suggestions) => {
    const server = await openTestApp();
    try {
      const answer = await server.app.inject({ url: `/api/v1/events?${query}`, headers: asReader });
      expect([answer.statusCode, answer.json().code]).toEqual([400, 'invalid-request']);
      expect(answer.json()).toMatchObject({ faults: [{ field: 'types' }] });
      expect(answer.json().detail).toContain(message);
      expect(answer.json().suggestions).toEqual(expect.arrayContaining(suggestions));
    } finally {
      await server.close();
    }
  });
});
