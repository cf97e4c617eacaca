import { storeForEachTest, type OpenStore } from './store-harness.js';

export function misreadsContract(open: OpenStore): void {
  const under = storeForEachTest(open);
  const which = { service: 'app', dockerfile: 'd1' };

  test('a Dockerfile is known by its service and its digest, with the first path, after a restart too', async () => {
    const { misreads } = under.store;
    expect(await misreads.of(which)).toBeNull();
    await misreads.note(which, 'b/four', 1);
    await misreads.note(which, 'c', 2);
    expect(await misreads.of(which)).toBe('b/four');
    expect(await misreads.of({ ...which, dockerfile: 'd2' })).toBeNull();
    expect(await misreads.of({ ...which, service: 'other' })).toBeNull();
    expect(await (await under.reopen()).misreads.of(which)).toBe('b/four');
  });
}
