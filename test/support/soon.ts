const PATIENCE_MS = 20_000;
const PAUSE_MS = 50;

/** Waits until a page, which draws when it can, shows that. Fails with what it shows instead. */
export async function soon<T>(read: () => Promise<T>, expected: T): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  let last = await read();
  // Values of the browser's library have other prototypes than those of the test.
  while (JSON.stringify(last) !== JSON.stringify(expected) && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    last = await read();
  }
  expect(last).toEqual(expected);
}
