import type { Sandbox } from '../../src/sandbox/contract.js';
import type { TrialTasks } from '../support/trial-tasks.js';

/** What every sandbox does, whatever runs the tasks. */
export function sandboxContract(name: string, open: () => Sandbox<TrialTasks>): void {
  describe(`the sandbox ${name}`, () => {
    let sandbox: Sandbox<TrialTasks>;
    beforeAll(() => {
      sandbox = open();
    });
    afterAll(() => sandbox.close());

    test('gives the output of a task', async () => {
      expect(await sandbox.run('echo', { bytes: Uint8Array.of(1, 2), map: new Map([['a', 1]]) })).toEqual({
        bytes: Uint8Array.of(1, 2),
        map: new Map([['a', 1]]),
      });
    });

    test('runs tasks side by side, each with its own answer', async () => {
      const answers = await Promise.all([1, 2, 3, 4, 5].map((n) => sandbox.run('echo', n)));
      expect(answers).toEqual([1, 2, 3, 4, 5]);
    });

    test('fails with the error of a task: code, message and extra members', async () => {
      await expect(sandbox.run('refuse', 'so')).rejects.toMatchObject({
        name: 'SlipwayError',
        code: 'dockerfile-invalid',
        message: 'so',
        extra: { line: 3 },
      });
    });

    test('fails with `internal` for a fault of a task', async () => {
      await expect(sandbox.run('stumble', null)).rejects.toMatchObject({ code: 'internal' });
    });
  });
}
