import { createEvents } from '../../../../src/events.js';
import { createObservations } from '../../../../src/pipeline/observe/observations.js';
import { runObserving } from '../../../../src/pipeline/observe/observing.js';
import { createSeenNumbers } from '../../../../src/pipeline/observe/seen-numbers.js';
import { systemClock } from '../../../../src/system-clock.js';
import { expectedStore } from '../../../support/desired.js';
import { createFakeHost } from '../../../support/fake-host.js';
import { keptLog } from '../../../support/kept-log.js';
import { environmentOf, hostSettings, identityOf, runOn, runOwn, testLabels } from '../../../support/own-containers.js';

test('the database hears of the highest number that a container of ours has', async () => {
  const host = createFakeHost();
  await runOwn(host, { release: 6 });
  await runOwn(host, { release: 4, deployment: 'd0' });
  const forged = { ...testLabels.of(identityOf({ deployment: 'd9' })), 'dev.slipway.release': '99' };
  await runOn(host, { name: 'forged', labels: forged });
  const events = createEvents();
  const stopping = new AbortController();
  const noted = new Map<string, number>();
  await new Promise<void>((resolve) => {
    const numberSeen = async (service: string, number: number) => {
      noted.set(service, Math.max(number, noted.get(service) ?? 0));
      if (number === 6) resolve();
    };
    void runObserving(
      {
        hosts: { find: async () => host, closeGone: async () => undefined, close: async () => undefined },
        ...{ labels: testLabels, clock: systemClock, log: keptLog(), events },
        observations: createObservations(systemClock, events),
        store: { ...expectedStore(), releases: { numberSeen } },
        environments: () => new Map([['production', environmentOf([hostSettings('a')])]]),
      },
      stopping.signal,
    );
  });
  stopping.abort();
  expect([...noted]).toEqual([['java-service-1', 6]]);
});

test('a number is noted once, and again if the database was away', async () => {
  const noted: number[] = [];
  let isAway = true;
  const note = createSeenNumbers({
    releases: {
      numberSeen: async (_, number) => {
        if (isAway) throw new Error('away');
        noted.push(number);
      },
    },
  });
  const own = [3, 6, 4].map((release) => ({ service: 'app', release }));
  await expect(note(own)).rejects.toThrow('away');
  isAway = false;
  await note(own);
  await note(own);
  expect(noted).toEqual([3, 6]);
});
