import { Worker } from 'node:worker_threads';
import { createInlineSandbox } from '../../src/sandbox/inline.js';
import { createPool } from '../../src/sandbox/pool.js';
import { sandboxContract } from './sandbox.js';
import { trialTasks, type TrialTasks } from '../support/trial-tasks.js';

const program = new URL(process.env['TEST_TRIAL_WORKER'] ?? '');
let started = 0;

function openPool({ threads = 2, deadline = 60_000 } = {}) {
  return createPool<TrialTasks>({
    start: () => {
      started += 1;
      return new Worker(program, { resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 8 } });
    },
    threads,
    deadline,
  });
}

sandboxContract('in this thread', () => createInlineSandbox(trialTasks));
sandboxContract('of threads', openPool);

const stopped = { code: 'reading-stopped' };

describe('a task in a thread', () => {
  test('that hangs is ended at its deadline, and others go on', async () => {
    const pool = openPool({ threads: 1, deadline: 500 });
    const hanging = pool.run('hang', 'a');
    const after = pool.run('echo', 'after');
    await expect(hanging).rejects.toMatchObject(stopped);
    expect(await after).toBe('after');
    await pool.close();
  });

  test('that was stopped once is refused at once, another is tried', async () => {
    const pool = openPool({ threads: 1, deadline: 500 });
    await expect(pool.run('hang', 'a')).rejects.toMatchObject(stopped);
    const before = started;
    await expect(pool.run('hang', 'a')).rejects.toMatchObject({ ...stopped, message: /stopped before/ });
    expect(started).toBe(before);
    await expect(pool.run('hang', 'b')).rejects.toMatchObject({ ...stopped, message: /more than 500 ms/ });
    await pool.close();
  });

  test('of another size than one that was stopped is not hashed', async () => {
    const pool = openPool({ deadline: 500 });
    await expect(pool.run('hang', 'a')).rejects.toMatchObject(stopped);
    let reads = 0;
    const part = {
      get text() {
        reads += 1;
        return 'read once, to be sent';
      },
    };
    await pool.run('echo', { part });
    expect(reads).toBe(1);
    await pool.close();
  });

  test('that fills its memory ends with its thread, and not the process', async () => {
    const pool = openPool();
    await expect(pool.run('fill', 'a')).rejects.toMatchObject({ ...stopped, message: /memory/ });
    expect(await pool.run('echo', 1)).toBe(1);
    await pool.close();
  });

  test('that ends its thread is stopped', async () => {
    const pool = openPool();
    await expect(pool.run('leave', 0)).rejects.toMatchObject({ ...stopped, message: /its thread ended/ });
    expect(await pool.run('echo', 1)).toBe(1);
    await pool.close();
  });

  test('is stopped when the pool closes, waiting or not, and none is taken after that', async () => {
    const pool = openPool({ threads: 1 });
    const [running, waiting] = [pool.run('hang', 'a'), pool.run('echo', 1)];
    const both = Promise.all([running, waiting].map((one) => expect(one).rejects.toMatchObject(stopped)));
    await pool.close();
    await both;
    await expect(pool.run('echo', 1)).rejects.toMatchObject(stopped);
  });

  test('finds a thread that cannot start, which says nothing about its input', async () => {
    const pool = createPool<TrialTasks>({
      start: () => new Worker(new URL('missing.js', program)),
      threads: 1,
      deadline: 60_000,
    });
    await expect(pool.run('echo', 1)).rejects.toMatchObject({ code: 'internal' });
    await pool.close();
  });

  test('shares threads: as many as allowed, each kept for the next', async () => {
    const before = started;
    const pool = openPool({ threads: 2 });
    for (let round = 0; round < 3; round += 1) await Promise.all([1, 2, 3, 4].map((n) => pool.run('echo', n)));
    expect(started - before).toBe(2);
    await pool.close();
  });
});
