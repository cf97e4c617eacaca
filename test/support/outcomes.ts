import { startChild, type Child } from './child.js';
import type { Outcome } from './children/scenarios.js';

export interface Outcomes {
  /** What came of a scenario, once it is over; rejects if the process ends before. */
  of(name: string): Promise<Outcome>;
  close(): Promise<void>;
}

/** Runs a file that calls `runScenarios` in a process of its own. */
export function startScenarios(file: URL): Outcomes {
  const child: Child = startChild(file, []);
  const find = (name: string): Outcome | undefined =>
    child.lines.map((line) => JSON.parse(line) as Outcome).find((outcome) => outcome.name === name);
  return {
    async of(name) {
      await child.until(() => find(name) !== undefined);
      const outcome = find(name);
      if (outcome === undefined) throw new Error(`There is no scenario ${name}.`);
      return outcome;
    },
    close: () => child.kill(),
  };
}
