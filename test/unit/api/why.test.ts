import { SlipwayError } from '../../../src/errors.js';
import type { PathCall, WhyAnswer, WhyCall } from '../../../src/operations/why/contract.js';
import { asReader, openTestApp, sha, type TestApp } from '../../support/app.js';

const reason = { code: 'base-image-changed', message: 'It did.', paths: [], patterns: [] } as const;
const decision: WhyAnswer['decision'] = {
  ...{ id: 7, service: 'java-service-1', branch: 'main', decision: 'build', reason, base: sha('a'), head: sha('b') },
  ...{ trigger: { kind: 'sweep', deliveryId: null, by: null }, buildId: 'b-1', inputsKey: 'k', reliesOn: null, at: 0 },
};
const answer: WhyAnswer = {
  ...{ decision, commit: sha('b'), isHead: true, sentence: 'It was built.', asDecided: true },
  compared: { base: sha('a'), baseTag: null, head: sha('b'), paths: 1, url: null },
  paths: [{ path: 'x', counts: false, kind: 'outside', by: null, setting: null }],
  coveredBy: { image: { repository: 'java-service-1', digest: 'sha256:1', tags: ['1'] }, buildId: 'b-1' },
  ladder: [{ rule: 'forced', words: 'forced', held: 'no', note: null }],
  chain: [{ service: 'jdk', branch: 'main', tag: '17', buildId: 'b-0', at: 1000 }],
  ...{ others: [decision], samePush: [decision], samePushCount: 1 },
};
const calls: (WhyCall | PathCall)[] = [];
let fails: SlipwayError | null = null;
let server: TestApp;
beforeAll(async () => {
  const noted = <T>(call: WhyCall | PathCall, answered: T): T => {
    calls.push(call);
    if (fails !== null) throw fails;
    return answered;
  };
  server = await openTestApp({
    why: {
      of: async (call) => noted(call, answer),
      path: async (call) => noted(call, { ...answer.paths[0], path: 'x', why: 'It would not.', commit: null } as never),
    },
  });
});
afterAll(() => server.close());

const get = (path: string, service = 'java-service-1') =>
  server.app.inject({ url: `/api/v1/services/${service}/${path}`, headers: asReader });

test('the answer has times as the API writes them, and nothing that only Slipway knows', async () => {
  const found = await get(`why/${sha('b')}?branch=main&decision=7`);
  expect(found.statusCode).toBe(200);
  const listed = { ...decision, at: '1970-01-01T00:00:00.000Z', coveredBy: null };
  const { inputsKey: _key, reliesOn: _build, ...shown } = listed;
  expect(found.json()).toEqual({
    ...answer,
    decision: shown,
    chain: [{ ...answer.chain[0], at: '1970-01-01T00:00:01.000Z' }],
    others: [shown],
    samePush: [shown],
  });
  const asked = { service: { name: 'java-service-1' }, commit: sha('b'), branch: 'main' };
  expect(calls.at(-1)).toMatchObject({ ...asked, decision: 7 });
  await get(`why/${sha('b')}?branch=main`);
  expect(calls.at(-1)).toMatchObject({ ...asked, decision: null });
  expect((await get(`why/${sha('b')}?decision=x`)).statusCode).toBe(400);
});

test('a path is asked for by its name', async () => {
  expect((await get('regions?path=src%2Fa')).json()).toEqual({
    ...{ path: 'x', counts: false, kind: 'outside', by: null, setting: null, why: 'It would not.', commit: null },
  });
  expect(calls.at(-1)).toMatchObject({ path: 'src/a' });
  expect((await get('regions')).statusCode).toBe(400);
});

test('what is not known is 404', async () => {
  fails = new SlipwayError('unknown-decision', 'Nothing was decided.');
  expect((await get('why/abcdef1')).json()).toMatchObject({ status: 404, code: 'unknown-decision' });
  expect((await get('why/abcdef1', 'java-servce-1')).json()).toMatchObject({ status: 404, code: 'unknown-service' });
  expect((await get('why/main')).statusCode).toBe(400);
});
