/** Users of a service: they ask for its version many times a second, and note what they get. */
import { setTimeout as pause } from 'node:timers/promises';

const PER_SECOND = 30;
const PATIENCE_MS = 10_000;
/** They go on a little after the work is done. */
const AFTER_MS = 300;

async function ask(url, answers, lost) {
  try {
    const response = await fetch(url, { headers: { connection: 'close' }, signal: AbortSignal.timeout(PATIENCE_MS) });
    const text = (await response.text()).trim();
    if (response.ok) answers.set(text, (answers.get(text) ?? 0) + 1);
    else lost.push(`status ${response.status}`);
  } catch (error) {
    lost.push(String(error.cause?.code ?? error.message));
  }
}

/**
 * Asks at `url`, each time on a connection of its own, while `work` is done. Resolves with what `work` did, and with what users got: how often
 * they asked, each answer with its number, and why requests got none.
 */
export async function underLoad(url, work) {
  const [answers, lost, open] = [new Map(), [], new Set()];
  let [asked, over] = [0, false];
  const asking = (async () => {
    for (const began = performance.now(); !over; await pause(1000 / PER_SECOND)) {
      // What is late is made up for.
      for (; asked < ((performance.now() - began) * PER_SECOND) / 1000; asked += 1) {
        const one = ask(url, answers, lost).finally(() => open.delete(one));
        open.add(one);
      }
    }
  })();
  const end = async () => {
    over = true;
    await asking;
    await Promise.all(open);
    return { asked, perSecond: PER_SECOND, answers, lost };
  };
  try {
    const done = await work();
    await pause(AFTER_MS);
    return { done, users: await end() };
  } finally {
    await end();
  }
}
