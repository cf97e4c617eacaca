/** Types of cleanup.mjs for the tests. */
export interface Cleanup {
  add(step: () => unknown): void;
  forget(): void;
  run(): Promise<void>;
  interrupted(): boolean;
}

export function createCleanup(say: (line: string) => void): Cleanup;
