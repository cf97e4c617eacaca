import { join } from 'node:path';
import Libsql from 'libsql';
import { SlipwayError } from '../../../../src/errors.js';
import type { GitHost } from '../../../../src/git/contract.js';
import { adoptBaselines } from '../../../../src/pipeline/look/adopt-baselines.js';
import { begin, endWell, newBuild, queueBuild, service } from '../../../support/app.js';
import { until } from '../../../support/api-client.js';
import { memoryCentral } from '../../../support/image-service.js';
import { keptLog } from '../../../support/kept-log.js';
import { manualClock } from '../../../support/manual-clock.js';
import { createMemoryGitHost, MemoryRepository } from '../../../support/memory-git.js';
import { inlineReading } from '../../../support/reading.js';
import { openTempStore, type TempStore } from '../../../support/store.js';

let temp: TempStore;
beforeEach(async () => {
  temp = await openTempStore();
});
afterEach(() => temp.close());

const repository = new MemoryRepository();
const commit = repository.commit({ 'docker/compose.yaml': 'services: {}' });

/** A build of a time when there were no releases. */
async function builtEarlier(): Promise<void> {
  await queueBuild(temp.store, { commit, inputs: { ...newBuild().inputs, head: commit } });
  await endWell(temp.store, await begin(temp.store));
  const database = new Libsql(join(temp.dataDir, 'slipway.db'));
  for (const table of ['releases', 'release_numbers', 'run_files']) database.exec(`delete from ${table}`);
  database.close();
}

/** A git host that is away as many times as it is asked. */
function awayFor(times: number): GitHost {
  const host = createMemoryGitHost(async () => repository);
  let left = times;
  return {
    ...host,
    mirror(name) {
      const mirror = host.mirror(name);
      const fetch = async (wanted: readonly string[]) => {
        left -= 1;
        if (left >= 0) throw new SlipwayError('git-unavailable', 'The host is away.');
        return mirror.remote.fetch(wanted);
      };
      return { ...mirror, remote: { ...mirror.remote, fetch } };
    },
  };
}

function depsWith(git: GitHost, clock = manualClock()) {
  const { name } = service();
  const central = memoryCentral({});
  return {
    store: temp.store,
    clock,
    log: keptLog(),
    services: () => new Map([[name, service()]]),
    git,
    central: () => ({ current: async () => central }),
    reading: inlineReading,
  };
}

const first = () => temp.store.releases.get('java-service-1', 1);

test('a git host that is away is waited for, with growing pauses', async () => {
  await builtEarlier();
  const clock = manualClock();
  const deps = depsWith(awayFor(2), clock);
  const done = adoptBaselines(deps, new AbortController().signal);
  const pauses: number[] = [];
  for (let tries = 0; tries < 2; tries += 1) {
    const [pause = 0] = await until('it to wait', async () => clock.sleeping.length > 0 && clock.sleeping);
    expect(await first()).toBeNull();
    pauses.push(pause);
    clock.advance(pause);
  }
  await done;
  expect(pauses).toEqual([1_000, 2_000]);
  expect(await first()).toMatchObject({ commit, branch: 'main', runFile: { path: 'docker/compose.yaml' } });
});

test('it ends with the server', async () => {
  await builtEarlier();
  const stopping = new AbortController();
  const clock = manualClock();
  const done = adoptBaselines(depsWith(awayFor(Infinity), clock), stopping.signal);
  await until('it to wait', async () => clock.sleeping.length > 0);
  stopping.abort();
  await done;
  expect(await first()).toBeNull();
});

test('it is done once, whatever is missing later', async () => {
  await adoptBaselines(depsWith(awayFor(0)), new AbortController().signal);
  await builtEarlier();
  await adoptBaselines(depsWith(awayFor(0)), new AbortController().signal);
  expect(await first()).toBeNull();
});
