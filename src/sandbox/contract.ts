/** Pure functions by name. Input and output are plain data: they are copied between threads. */
export type Tasks = Readonly<Record<string, (input: never) => unknown>>;

type Input<Task> = Task extends (input: infer Given) => unknown ? Given : never;
type Output<Task> = Task extends (input: never) => infer Answer ? Answer : never;

/**
 * Runs functions over repository contents with a deadline. Calls may run in parallel and wait for a free thread. Fails with the function's
 * errors, and with `reading-stopped` if it takes too much time or memory. The same input is then refused at once.
 */
export interface Sandbox<All extends Tasks> {
  run<Name extends keyof All & string>(name: Name, input: Input<All[Name]>): Promise<Output<All[Name]>>;
  /** Ends the threads. Running calls fail with `reading-stopped`. */
  close(): Promise<void>;
}

export interface Question {
  readonly name: string;
  readonly input: unknown;
}

export type Reply =
  | { readonly output: unknown }
  | { readonly error: { readonly code: string; readonly message: string; readonly extra: object } };
