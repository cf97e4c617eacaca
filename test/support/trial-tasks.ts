import { SlipwayError } from '../../src/errors.js';

/** Tasks that end in every way a task can. */
export const trialTasks = {
  echo: (input: unknown) => input,
  refuse: (message: string) => {
    throw new SlipwayError('dockerfile-invalid', message, { extra: { line: 3 } });
  },
  stumble: () => {
    throw new TypeError('a fault of ours');
  },
  hang: (_name: string) => {
    for (;;);
  },
  fill: (_name: string) => {
    const all: string[][] = [];
    for (;;) all.push(Array.from({ length: 100_000 }, (_, at) => `${at}`));
  },
  leave: (code: number) => process.exit(code),
};

export type TrialTasks = typeof trialTasks;
