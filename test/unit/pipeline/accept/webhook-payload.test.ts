import { readPayload } from '../../../../src/pipeline/accept/webhook-payload.js';
import { turnsDuring } from '../../../support/turns.js';

const wanted = ['ref', 'repository', 'pusher'];
const members = {
  ref: 'refs/heads/ä"}',
  repository: { full_name: 'abc/one', owner: { list: [1, { a: 2 }] } },
  pusher: null,
};
const form = 'application/x-www-form-urlencoded';
const large = 'x'.repeat(100_000);

const read = (text: string | Buffer, type: string | null = null) => readPayload(Buffer.from(text), type, wanted);

describe('a payload', () => {
  test.each([
    ['before the members', { commits: [large], ...members }],
    ['behind them', { ...members, commits: [large] }],
    ['full of what looks like structure', { ...members, commits: [`"},]{[\\${'\\"}'.repeat(50_000)}`, { ref: 'no' }] }],
    ['in an object', { ...members, head: { ref: 'no', large } }],
  ])('of many bytes gives the wanted members: those are %s', async (_place, payload) => {
    const texts = [JSON.stringify(payload), JSON.stringify(payload, null, 2)];
    for (const text of texts) {
      expect(await read(text)).toEqual(members);
      expect(await read(new URLSearchParams({ other: 'x', payload: text }).toString(), form)).toEqual(members);
    }
  });

  test('takes the last of two members of a name, written in any way', async () => {
    expect(await read(`{"ref":1,"commits":"${large}","r\\u0065f":2}`)).toEqual({ ref: 2 });
  });

  test.each([
    ['ends early', `{"commits":"${large}"`],
    ['goes on behind its end', `{"commits":"${large}"} {}`],
    ['is no object', `["${large}"]`],
    ['has a wanted member that is not JSON', `{"commits":"${large}","ref":nothing}`],
    ['has a wanted member that is too large', `{"ref":"${large}"}`],
    ['is not UTF-8', Buffer.concat([Buffer.from(`{"commits":"${large}"}`), Buffer.from([0xff])])],
    ['is small and not JSON', '{"ref"'],
  ])('that %s is refused', async (_fault, text) => {
    await expect(read(text)).rejects.toMatchObject({ code: 'invalid-payload' });
  });

  test.each([
    ['arrays', '[],', null],
    ['depth', '[', null],
    ['quotes', '"\\"",', null],
    ['a form', '%5B%5D%2C', form],
  ])('is read while other work goes on, whatever is in it: %s', async (_name, piece, type) => {
    const filling = piece.repeat(Math.floor((8 * 1024 * 1024) / piece.length));
    const end = piece === '[' ? ']'.repeat(filling.length) : '0';
    const text = type === form ? `payload=%7B%22a%22:%5B${filling}0%5D%7D` : `{"a":[${filling}${end}]}`;
    let payload: unknown;
    const turns = await turnsDuring(async () => (payload = await read(text, type)));
    expect(payload).toEqual({});
    expect(turns).toBeGreaterThanOrEqual(10);
  });
});
