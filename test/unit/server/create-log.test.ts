import { Writable } from 'node:stream';
import { createLog } from '../../../src/server/create-log.js';

const oddKey = 'key\u001b\u202e';
const hostile = 'x\u001b[2J\u009b1m\u202e\u2028\u007f y\nINFO: forged';

/** What is printed by one entry. */
async function printed(isTTY: boolean): Promise<string> {
  let text = '';
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  const log = createLog('info', Object.assign(output, { isTTY }));
  log.child({ [oddKey]: hostile }).error({ path: hostile, err: new TypeError(hostile) }, hostile);
  log.info({}, 'next');
  output.end();
  await new Promise((resolve) => output.once('close', resolve));
  return text;
}

const OBEYED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e]/;

test('in JSON nothing is obeyed by a terminal, and every value is what it was', async () => {
  const text = await printed(false);
  expect(text).not.toMatch(OBEYED);
  const [entry, next] = text.trim().split('\n');
  expect(JSON.parse(entry ?? '')).toMatchObject({ msg: hostile, path: hostile, [oddKey]: hostile });
  expect(JSON.parse(next ?? '')).toMatchObject({ msg: 'next' });
});

test('on a terminal it is shown, and no line of a message looks like an entry', async () => {
  const text = await printed(true);
  expect(text).not.toMatch(OBEYED);
  expect(text).toContain('x\\u001b[2J\\u009b1m\\u202e\\u2028\\u007f y');
  expect(text.split('\n').filter((line) => line.startsWith('INFO'))).toEqual([]);
  expect(text).toContain('next');
});
