/** For child processes that try what might end a process: runs named scenarios and prints what came of each, one JSON object a line. */

export interface Outcome {
  readonly name: string;
  /** What the scenario says: `ok`, an error's code, … */
  readonly said: string;
  /** Rejections and exceptions that nobody handled, each of which would have ended a server. */
  readonly unhandled: readonly string[];
}

export type Scenarios = Readonly<Record<string, () => Promise<string>>>;

export async function runScenarios(scenarios: Scenarios): Promise<void> {
  let unhandled: string[] = [];
  const note = (error: unknown) => void unhandled.push(error instanceof Error ? error.message : String(error));
  process.on('uncaughtException', note).on('unhandledRejection', note);
  for (const [name, scenario] of Object.entries(scenarios)) {
    unhandled = [];
    const said = await scenario().catch(codeOf);
    process.stdout.write(`${JSON.stringify({ name, said, unhandled } satisfies Outcome)}\n`);
  }
  process.exit();
}

/** For a scenario that is to fail. */
export function codeOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error) return String(error.code);
  return String(error);
}
