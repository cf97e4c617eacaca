import { createEvents } from '../../../../src/events.js';
import type { Deployment } from '../../../../src/model/deployment.js';
import { tellEnds } from '../../../../src/pipeline/deploy/tell-ends.js';
import { keptLog } from '../../../support/kept-log.js';
import { sampleDeployment } from '../../../support/report-samples.js';

const told: string[] = [];
const ended: string[] = [];
const events = createEvents();
let now: Deployment;
let silent: () => void;
beforeEach(() => {
  told.length = ended.length = 0;
  silent = tellEnds({
    store: { deployments: { get: async () => now } },
    events,
    report: { deploying: ({ status, release }) => void told.push(`${status} ${release?.number ?? '?'}`) },
    metrics: { deployment: (environment, outcome) => void ended.push(`${environment} ${outcome}`) },
    log: keptLog(),
  });
});
afterEach(() => silent());

async function changed(more: Partial<Deployment>, announced = more.status): Promise<void> {
  now = sampleDeployment(more);
  const { id, service, environment, status } = now;
  events.publish({ type: 'deployment', id, service, environment, status: announced ?? status });
  await new Promise(setImmediate);
}

test('a deployment is reported as it waits and runs, each once, and its end is counted', async () => {
  await changed({ status: 'pending', release: null });
  for (const status of ['pending', 'pending', 'running', 'running', 'succeeded'] as const) await changed({ status });
  expect(told).toEqual(['pending ?', 'pending 1', 'running 1']);
  expect(ended).toEqual(['production succeeded']);
});

test('one that has ended by then is counted by the event of its end alone', async () => {
  await changed({ status: 'failed' }, 'running');
  expect(told).toEqual([]);
  await changed({ status: 'failed' });
  expect([told, ended]).toEqual([[], ['production failed']]);
});
