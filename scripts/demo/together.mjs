/** Waits for all, also where one fails: what was started is known then, and can be ended. Fails as the first of those that failed. */
export async function together(promises) {
  const ends = await Promise.allSettled(promises);
  const failed = ends.find(({ status }) => status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return ends.map(({ value }) => value);
}
