interface Waiting<Call, Answer> {
  readonly call: Call;
  resolve(answer: Answer): void;
  reject(reason: unknown): void;
}

/**
 * Groups calls that arrive together into one transaction, because each commit waits for the disk. A single call waits for nothing: the
 * transaction begins once the delivered requests have been read (`setImmediate`). `commit` answers every call, in order. If it fails, all
 * calls of the group fail with the same error.
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
