import { KeptAnswers } from '../../src/kept-answers.js';

function kept(limits: { ms?: number; entries?: number; atOnce?: number } = {}) {
  let now = 0;
  const answers = new KeptAnswers<string>({ ms: 1000, entries: 10, atOnce: 2, ...limits }, { now: () => now });
  return { answers, pass: (ms: number) => (now += ms) };
}

test('an answer is given again for a while, a failure too', async () => {
  const { answers, pass } = kept();
  let asked = 0;
  const ask = (fails = false) =>
    answers.ask(String(fails), async () => {
      asked += 1;
      if (fails) throw new Error(`no ${asked}`);
      return `yes ${asked}`;
    });
  expect(await Promise.all([ask(), ask()])).toEqual(['yes 1', 'yes 1']);
  await expect(ask(true)).rejects.toThrow('no 2');
  pass(999);
  expect(await ask()).toBe('yes 1');
  await expect(ask(true)).rejects.toThrow('no 2');
  pass(1);
  expect(await ask()).toBe('yes 3');
  await expect(ask(true)).rejects.toThrow('no 4');
});

test('only some questions are worked on at once, and the others follow, after failures as well', async () => {
  const { answers } = kept();
  const started: string[] = [];
  const ends: ((fault: Error | null) => void)[] = [];
  const asked = ['a', 'b', 'c', 'd'].map((question) =>
    answers
      .ask(question, async () => {
        started.push(question);
        const fault = await new Promise<Error | null>((end) => ends.push(end));
        if (fault !== null) throw fault;
        return question;
      })
      .catch((error: Error) => error.message),
  );
  await Promise.resolve();
  expect(started).toEqual(['a', 'b']);
  ends[0]?.(new Error('broken'));
  expect(await asked[0]).toBe('broken');
  await new Promise(setImmediate);
  expect(started).toEqual(['a', 'b', 'c']);
  for (const end of ends.slice(1)) end(null);
  await new Promise(setImmediate);
  ends[3]?.(null);
  expect(await Promise.all(asked)).toEqual(['broken', 'b', 'c', 'd']);
});
