/** A Slipway that is killed on the way back to containers that were kept, asked for or not: real processes, engines, registry and git. */
import fc from 'fast-check';
import { containerOf, crashing, dockerfile, runFile } from '../../support/hosts-stage.js';
import { deathsOf, moments, MortalStage, type Death } from '../../support/mortal-stage.js';

/** Ways back in one run, each with one death. `DEPLOY_DEATHS=all` walks through every death instead. */
const ways = process.env['DEPLOY_DEATHS'] ?? '6';
/** `DEPLOY_SEED` repeats a run. */
const seed = Number(process.env['DEPLOY_SEED'] ?? Math.trunc(Math.random() * 2 ** 31));

let stage: MortalStage;
let old: number;
let present: number;
let bad: number;
/** Ids of the containers of the two good releases on each host. */
let kept: readonly string[];

const timeouts = { reach: '4s', pull: '20s', start: '2s', settle: '100ms' };

beforeAll(async () => {
  stage = await MortalStage.open({ keep: 1, timeouts });
  old = await stage.release('one', { 'docker/Dockerfile': dockerfile(), 'docker/compose.yaml': runFile('one') });
  // What fails is removed with the next success, which is no part of a way back.
  bad = await stage.release('bad', { 'docker/compose.yaml': runFile('bad', crashing) });
  present = await stage.release('two', { 'docker/compose.yaml': runFile('two') });
  kept = await containers();
  process.stderr.write(`Random deaths on the way back: DEPLOY_SEED=${seed} DEPLOY_DEATHS=${ways}\n`);
}, 180_000);

afterAll(() => stage?.close(), 60_000);

/** Fails if there is more than one of a release on a host. */
async function containers(): Promise<readonly string[]> {
  const pairs = stage.stage.hosts.flatMap((host) => [old, present].map((release) => [host, release] as const));
  return Promise.all(pairs.map(async ([host, release]) => (await containerOf(host, release)).Id));
}

/** A rollback to the containers that were kept, and forward again. Resolves with the changes of the way back. */
async function rollBack(deaths: readonly Death[]): Promise<number> {
  const begin = async () => {
    const { body } = await stage.tickets.askTo('rollback', { useKept: true });
    return (body as { id: string }).id;
  };
  const { end, changes, left } = await stage.run({ begin, deaths });
  expect(end).toMatchObject({ kind: 'rollback', status: 'succeeded', error: null, release: { number: old } });
  await stage.expectPresent(old);
  expect([await containers(), left]).toEqual([kept, 0]);
  expect(await stage.tickets.deploy({ release: present, force: true })).toMatchObject({ status: 'succeeded' });
  await stage.expectPresent(present);
  return changes;
}

/** A deployment that fails. Resolves with the changes of its way back, which begins when what ran before is started again. */
async function fail(deaths: readonly Death[]): Promise<number> {
  const begin = () => stage.tickets.begin({ release: bad, force: true });
  const from = (change: string) => kept.some((id) => change.startsWith(`POST /containers/${id}/start`));
  const { end, changes, left } = await stage.run({ begin, deaths, from });
  expect(end).toMatchObject({ status: 'rolled-back', error: { code: 'container-crashed' } });
  await stage.expectPresent(present);
  expect([await containers(), left]).toEqual([kept, 0]);
  return changes;
}

const some = (changes: number): readonly Death[] =>
  fc.sample(fc.record({ at: fc.integer({ min: 1, max: changes }), moment: fc.constantFrom(...moments) }), {
    numRuns: Math.ceil(Number(ways) / 2),
    seed,
  });

test.each([
  ['a rollback that uses what was kept', rollBack, 6],
  ['a deployment that fails', fail, 1],
] as const)(
  'wherever it dies in %s, the same containers run again',
  async (_, way, atLeast) => {
    const changes = await way([]);
    expect(changes).toBeGreaterThanOrEqual(atLeast);
    for (const death of ways === 'all' ? deathsOf(changes) : some(changes))
      await way([death]).catch((cause: unknown) => {
        throw new Error(`DEPLOY_SEED=${seed}: ${JSON.stringify(death)}`, { cause });
      });
  },
  1_800_000,
);
