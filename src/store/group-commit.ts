interface Waiting<Call, Answer> {
  readonly call: Call;
  resolve(answer: Answer): void;
  reject(reason: unknown): void;
}

/**
 * Lets calls that arrive together share one transaction, because each commit waits for the disk. A call on its own waits for nothing:
 * the transaction begins as soon as the requests that the operating system has already delivered have been read (`setImmediate`).
 * `commit` answers every call, in order; if it fails, every call of the group fails with the same error.
 */
export function groupCommit<Call, Answer>(
  commit: (calls: readonly Call[]) => Promise<readonly Answer[]>,
  atMost: number,
): (call: Call) => Promise<Answer> {
  const waiting: Waiting<Call, Answer>[] = [];
  let scheduled = false;

  const drain = async (): Promise<void> => {
    while (waiting.length > 0) await settle(waiting.splice(0, atMost), commit);
    scheduled = false;
  };
  return (call) =>
    new Promise<Answer>((resolve, reject) => {
      waiting.push({ call, resolve, reject });
      if (scheduled) return;
      scheduled = true;
      setImmediate(() => void drain());
    });
}

async function settle<Call, Answer>(
  group: readonly Waiting<Call, Answer>[],
  commit: (calls: readonly Call[]) => Promise<readonly Answer[]>,
): Promise<void> {
  try {
    const answers = await commit(group.map(({ call }) => call));
    group.forEach(({ resolve }, index) => resolve(answers[index] as Answer));
  } catch (reason) {
    group.forEach(({ reject }) => reject(reason));
  }
}
