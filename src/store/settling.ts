/**
 * Turns "write what was committed to the disk" into a promise that many can wait for. A call is answered by a sync that begins after it;
 * calls that come while one is under way share the next. `sync` never runs twice at a time. After a sync that failed nobody can say what
 * the disk holds: every later call fails as that one did, until the process begins anew.
 */
export function createSettling(sync: () => Promise<void>): () => Promise<void> {
  let underWay: Promise<void> = Promise.resolve();
  let next: Promise<void> | null = null;
  const begin = () => {
    next = null;
    return sync();
  };
  return () => {
    if (next === null) {
      next = underWay.then(begin);
      // Those who wait hear of a failure; nobody else need.
      next.catch(() => undefined);
      underWay = next;
    }
    return next;
  };
}
