import fc from 'fast-check';
import type { WireFault } from '../../support/wire.js';
import { APP, BRANCHES, CENTRAL, DOCKERFILES, MONO, SERVICES } from './world.js';
import { dockerfile, dockerFolder, type BranchName, type RepositoryName, type ServiceName } from './world.js';

/** How Slipway hears of a push: in time, not at all, later (or never), twice. */
export type Hearing = 'now' | 'never' | 'later' | 'twice';

interface Pushed {
  readonly repository: RepositoryName;
  readonly branch: BranchName;
  readonly hearing: Hearing;
}

/** One thing that happens. Numbers choose among what there is. */
export type Command =
  | ({
      readonly do: 'push';
      /** Null removes the file. */
      readonly files: Readonly<Record<string, string | null>>;
      readonly skipCi: boolean;
      /** The parent is that many commits of the repository back; null: the tip. */
      readonly onto: number | null;
    } & Pushed)
  /** A forced push to a commit that was there before. */
  | ({ readonly do: 'go back'; readonly to: number } & Pushed)
  | ({ readonly do: 'delete branch' } & Pushed)
  /** A push is reported that was not reported in time, or one that was. */
  | { readonly do: 'tell'; readonly which: number }
  | { readonly do: 'fail'; readonly fault: WireFault; readonly times: number }
  | { readonly do: 'hold' | 'release' | 'sweep' | 'stop and start' | 'kill and start' }
  | { readonly do: 'change settings' }
  | { readonly do: 'wait'; readonly seconds: number }
  | { readonly do: 'cancel' | 'retry'; readonly which: number }
  | {
      readonly do: 'rebuild';
      readonly service: ServiceName;
      readonly branch: 'main' | 'release/1';
      /** That many commits of the repository back; null: the tip. */
      readonly commit: number | null;
    };

/** A command, and how many turns of the event loop later the next one comes; null: when nothing goes on any more. */
export type Scene = Command & { readonly turns: number | null };

const contents = ['0', '1', '2', null] as const;
const plainFiles: Readonly<Record<RepositoryName, readonly string[]>> = {
  [MONO]: [
    'api/a.txt',
    'api/notes.md',
    'web/src/a.txt',
    'web/src/notes.md',
    'web/elsewhere.txt',
    'shared/a.txt',
    'tool/a.txt',
    'README.md',
    'api/docker/compose.yaml',
    'api/docker/compose.prod.yaml',
    'web/docker/docker-compose.yml',
    'tool/docker/compose.yml',
  ],
  [APP]: ['a.txt', 'src/a.txt', 'docker/compose.yaml'],
  [CENTRAL]: ['README.md', 'nobody/Dockerfile', 'api/compose.yaml', 'tool/compose.yaml', 'web/compose.prod.yaml'],
};
const packaged: Readonly<Record<RepositoryName, readonly [ServiceName, string][]>> = {
  [MONO]: [
    ['api', dockerFolder.api],
    ['web', dockerFolder.web],
    ['tool', dockerFolder.tool],
  ],
  [APP]: [['top', dockerFolder.top]],
  [CENTRAL]: [
    ['api', 'api'],
    ['tool', 'tool'],
  ],
};

type Change = readonly [path: string, content: string | null];

function changesOf(repository: RepositoryName): fc.Arbitrary<Change> {
  const plain = plainFiles[repository].flatMap((path) => contents.map((content): Change => [path, content]));
  const packaging = packaged[repository].flatMap(([service, folder]) => [
    ...[...DOCKERFILES, null].map((kind): Change => [
      `${folder}/Dockerfile`,
      kind === null ? null : dockerfile(service, kind),
    ]),
    ...contents.map((content): Change => [`${folder}/run.sh`, content]),
  ]);
  const weight = repository === CENTRAL ? 1 : 3;
  return fc.oneof(
    { arbitrary: fc.constantFrom(...plain), weight },
    { arbitrary: fc.constantFrom(...packaging), weight: 2 },
  );
}

const filesOf = (repository: RepositoryName) =>
  fc
    .array(changesOf(repository), { minLength: 0, maxLength: 3 })
    .map((changes): Readonly<Record<string, string | null>> => Object.fromEntries(changes));

const few = fc.nat({ max: 5 });
const maybe: fc.Arbitrary<number | null> = fc.oneof(
  { arbitrary: fc.constant(null), weight: 5 },
  { arbitrary: few, weight: 1 },
);
const hearing = fc.constantFrom<Hearing>('now', 'now', 'now', 'never', 'later', 'twice');
const branch = fc.constantFrom<BranchName>('main', 'main', 'main', 'release/1', 'release/1', 'topic');
const service = fc.constantFrom(...SERVICES);

const pushTo = (repository: RepositoryName): fc.Arbitrary<Command> =>
  fc.record({
    do: fc.constant('push' as const),
    repository: fc.constant(repository),
    branch: repository === CENTRAL ? fc.constant('main' as const) : branch,
    files: filesOf(repository),
    skipCi: fc.boolean().chain((once) => (once ? fc.boolean() : fc.constant(false))),
    onto: maybe,
    hearing,
  });

const goBackIn = (repository: RepositoryName): fc.Arbitrary<Command> =>
  fc.record({
    do: fc.constant('go back' as const),
    repository: fc.constant(repository),
    branch: repository === CENTRAL ? fc.constant('main' as const) : branch,
    to: few,
    hearing,
  });

const faults: readonly WireFault[] = [
  { call: 'engine.build', code: 'dockerfile-step-failed' },
  { call: 'engine.build', code: 'engine-unavailable' },
  { call: 'engine.push', code: 'registry-unavailable' },
  { call: 'engine.pull', code: 'base-image-not-found' },
  { call: 'engine.find', code: 'engine-unavailable' },
  { call: 'registry.manifest', code: 'registry-unavailable' },
  { call: 'registry.putTag', code: 'registry-unavailable' },
  { call: 'registry.putTag', code: 'registry-unauthorized' },
  { call: 'git.refs', code: 'git-unavailable' },
  { call: 'git.refs', code: 'git-unauthorized' },
  { call: 'git.fetch', code: 'git-unavailable' },
];

const weighted: readonly (readonly [number, fc.Arbitrary<Command>])[] = [
  [12, pushTo(MONO)],
  [5, pushTo(APP)],
  [4, pushTo(CENTRAL)],
  [3, goBackIn(MONO)],
  [1, goBackIn(APP)],
  [1, goBackIn(CENTRAL)],
  [
    1,
    fc.record({
      do: fc.constant('delete branch' as const),
      repository: fc.constantFrom(MONO, APP),
      branch: fc.constantFrom(...BRANCHES.filter((name) => name !== 'main')),
      hearing,
    }),
  ],
  [4, fc.record({ do: fc.constant('tell' as const), which: few })],
  [
    3,
    fc.record({
      do: fc.constant('fail' as const),
      fault: fc.constantFrom(...faults),
      times: fc.constantFrom(1, 1, 2, 3, 17),
    }),
  ],
  [2, fc.record({ do: fc.constant('hold' as const) })],
  [3, fc.record({ do: fc.constant('release' as const) })],
  [2, fc.record({ do: fc.constant('sweep' as const) })],
  [1, fc.record({ do: fc.constantFrom('stop and start' as const, 'kill and start' as const) })],
  [1, fc.record({ do: fc.constant('change settings' as const) })],
  [1, fc.record({ do: fc.constant('wait' as const), seconds: fc.constantFrom(1, 30, 130) })],
  [2, fc.record({ do: fc.constant('cancel' as const), which: few })],
  [3, fc.record({ do: fc.constant('retry' as const), which: few })],
  [
    2,
    fc.record({
      do: fc.constant('rebuild' as const),
      service,
      branch: fc.constantFrom('main' as const, 'release/1' as const),
      commit: fc.oneof(few, fc.constant(null)),
    }),
  ],
];

const command: fc.Arbitrary<Command> = fc.oneof(...weighted.map(([weight, arbitrary]) => ({ weight, arbitrary })));
const turns = fc.oneof({ arbitrary: fc.constant(null), weight: 2 }, { arbitrary: fc.nat({ max: 25 }), weight: 1 });

/** Anything that may happen to Slipway, in any order. */
export const stories: fc.Arbitrary<readonly Scene[]> = fc.array(
  fc.tuple(command, turns).map(([one, pause]): Scene => ({ ...one, turns: pause })),
  { minLength: 1, maxLength: 14, size: 'max' },
);
