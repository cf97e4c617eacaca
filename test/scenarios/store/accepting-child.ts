import { openStore } from '../../../src/store/open-store.js';
import { delivery, look } from '../../contracts/store-samples.js';

/** Opens a store, says `open`, and accepts deliveries for ever, printing the id of each once it is accepted. */
const store = await openStore({ dataDir: process.argv[2] ?? '', logLimit: 1000, clock: { now: () => Date.now() } });
process.stdout.write('open\n');

async function acceptForEver(lane: number): Promise<void> {
  for (let number = 0; ; number += 1) {
    const id = `lane-${lane}-${number}`;
    await store.deliveries.accept(delivery(id), look({ after: id }));
    process.stdout.write(`${id}\n`);
  }
}

await Promise.all([0, 1, 2, 3].map(acceptForEver));
