import { takeRequests } from '../../../../src/engine/context/sync-requests.js';
import { failureOf } from '../../../support/failure-of.js';
import { askFor } from '../../../support/sync-packets.js';

test('an engine that asks without end, and faster than it can be answered, is stopped at as many as there are items', async () => {
  let asked = 0;
  async function* endless() {
    for (; asked < 1_000_000; asked += 1) yield askFor(0);
  }
  const { done } = takeRequests(endless(), 10);
  expect(await failureOf(done)).toMatchObject({ code: 'engine-error' });
  expect(asked).toBe(10);
});
