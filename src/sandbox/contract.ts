/** Pure functions by name. Input and output are plain data: they are copied between threads. */
export type Tasks = Readonly<Record<string, (input: never) => unknown>>;

type Input<Task> = Task extends (input: infer Given) => unknown ? Given : never;
type Output<Task> = Task extends (input: never) => infer Answer ? Answer : never;

/**
 * Runs functions over text that repositories send, where a deadline can end them. Calls may run side by side and wait for a free thread.
 * Fails with what the function throws, and with `reading-stopped` if it took too long or too much memory; the same input is then
 * refused at once.
 */
export interface Sandbox<All extends Tasks> {
  run<Name extends keyof All & string>(name: Name, input: Input<All[Name]>): Promise<Output<All[Name]>>;
  /** Ends the threads. Calls under way fail with `reading-stopped`. */
  close(): Promise<void>;
}

/** What a thread is asked. */
export interface Question {
  readonly name: string;
  readonly input: unknown;
}

/** What a thread answers. */
export type Reply =
  | { readonly output: unknown }
  | { readonly error: { readonly code: string; readonly message: string; readonly extra: object } };
