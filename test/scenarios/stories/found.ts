import type { Scene } from './commands.js';

/** Stories that once ended wrong, each with what it shows. Run beside the random ones. */
export const found: readonly (readonly [string, readonly Scene[]])[] = [
  [
    'a new base image reaches a branch that was built by hand alone',
    [
      { do: 'go back', repository: 'abc/app', branch: 'release/1', to: 0, hearing: 'never', turns: null },
      {
        do: 'push',
        repository: 'abc/mono',
        branch: 'main',
        files: { 'api/docker/run.sh': '0' },
        skipCi: true,
        onto: null,
        hearing: 'now',
        turns: null,
      },
      { do: 'rebuild', service: 'top', branch: 'release/1', commit: null, turns: null },
      {
        do: 'push',
        repository: 'abc/app',
        branch: 'main',
        files: {},
        skipCi: false,
        onto: null,
        hearing: 'now',
        turns: 0,
      },
    ],
  ],
];
