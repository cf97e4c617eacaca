import { SlipwayError } from '../../../../src/errors.js';
import type { Deployment } from '../../../../src/model/deployment.js';
import { deploymentWaits } from '../../../../src/operations/deployment-waits.js';
import { deployStage, type DeployStage } from '../../../support/deploy-stage.js';

let stage: DeployStage;
beforeEach(async () => {
  stage = await deployStage();
});
afterEach(() => stage.close());

/** What the deployment was seen to wait for while it ran, each once. */
async function seenWaits(): Promise<readonly [readonly (string | null)[], Deployment]> {
  const seen: (string | null)[] = [];
  const id = await stage.ask(1);
  const done = stage.attempt(id);
  let ended = false;
  void done.finally(() => (ended = true));
  while (!ended) {
    const code = (await stage.temp.store.deployments.get(id))?.waitedOut?.code ?? null;
    if (seen.at(-1) !== code) seen.push(code);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return [seen, await done];
}

test('a deployment shows the host that it waits for, and nothing once that is back', async () => {
  stage.hosts.get('b')?.fail('ping', 'host-unreachable', 2);
  const [seen, { status, waitedOut }] = await seenWaits();
  expect([seen, status, waitedOut]).toEqual([[null, 'host-unreachable', null], 'succeeded', null]);
});

test('it says until when it waits', async () => {
  stage.hosts.get('b')?.setAway(true);
  const [began, { reach }] = [Date.now(), stage.environment.timeouts];
  const id = await stage.ask(1);
  const done = stage.attempt(id);
  const untils = new Set<number>();
  void done.then(() => stage.hosts.get('b')?.setAway(false));
  for (let status = ''; status !== 'succeeded';) {
    const now = await stage.temp.store.deployments.get(id);
    status = now?.status ?? '';
    const until =
      now &&
      deploymentWaits(now, { unfinished: [now], now: Date.now(), concurrencyOf: () => 1, gateOf: () => null })?.until;
    if (typeof until === 'number') untils.add(until);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const [until = 0] = [...untils];
  expect(untils.size).toBe(1);
  expect(until).toBeGreaterThanOrEqual(began + reach);
  expect(until).toBeLessThanOrEqual(Date.now());
  await done;
});

test('likewise the registry', async () => {
  let times = 2;
  const { manifest } = stage.deps.registry;
  Object.assign(stage.deps.registry, {
    manifest: async (repository: string, reference: string) => {
      if ((times -= 1) >= 0) throw new SlipwayError('registry-unavailable', 'It is away.');
      return manifest(repository, reference);
    },
  });
  const [seen, { status }] = await seenWaits();
  expect([seen, status]).toEqual([[null, 'registry-unavailable', null], 'succeeded']);
});

test('a lease that is too short for a change puts the deployment back, and the next attempt ends it', async () => {
  const { deployments } = stage.temp.store;
  const { owned } = deployments;
  Object.assign(deployments, { owned: async () => 5_000 });
  const id = await stage.ask(1);
  expect((await stage.attempt(id)).status).toBe('pending');
  Object.assign(deployments, { owned });
  expect((await stage.attempt(id)).status).toBe('succeeded');
});
