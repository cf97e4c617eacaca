/** Types of processes.mjs for the tests. */
export interface Program {
  readonly pid: number;
  alive(): boolean;
}
export function start(command: readonly string[], log: string, options: { readonly outlive: boolean }): Program;
export function end(pid: number, mark: string): Promise<void>;
export function answering(url: string, program: Program, log: string): Promise<void>;
