/** What happens and when: a list that follows from the seed alone. Numbers called `which` choose among what there is by then. */
import { branches, centralRepository, dockerfiles, lasting, plainFiles, services } from './world.mjs';

const repositories = [
  [10, 'abc/mono'],
  [4, 'abc/plain'],
  [4, 'abc/java'],
  [2, 'abc/base'],
  [2, centralRepository],
];

/** How Slipway hears of a push. `late` and `twice` come in any order with others. */
const hearings = [
  [10, 'now'],
  [3, 'lost'],
  [3, 'late'],
  [3, 'twice'],
  [1, 'forged'],
];

const gitFaults = ['cut', 'flip', 401, 404, 503];
const registryFaults = [500, 503, 202];

function changeOf(random, repository) {
  if (random.chance(0.22)) {
    const [service, path] = random.choose(dockerfiles[repository]);
    const own = service === 'plain' && repository !== centralRepository;
    const kinds = [
      [8, random.between(1, 4)],
      // What stands on it could not be built for long.
      [service === 'base' ? 0 : 1, 'broken'],
      [own ? 4 : 0, null],
    ];
    return { path, dockerfile: service, kind: random.weighted(kinds) };
  }
  const path = random.choose(plainFiles[repository]);
  if (path.endsWith('VERSION')) return { path, content: `1.0.${random.below(5)}\n` };
  if (random.chance(0.08) && !lasting.includes(path)) return { path, kind: null };
  return { path, content: `${random.chance(0.5) ? random.below(3) : random.below(1_000_000)}\n` };
}

function push(random) {
  const repository = random.weighted(repositories);
  const central = repository === centralRepository;
  const branch = central ? 'main' : random.weighted([6, 3, 3, 1].map((weight, at) => [weight, branches[at]]));
  const shape = random.weighted([
    [14, 'commit'],
    [2, 'amend'],
    [2, 'back'],
    [central || branch === 'main' ? 0 : 1, 'delete'],
  ]);
  const commits = Array.from(
    {
      length: random.weighted([
        [5, 1],
        [1, 2],
        [1, 4],
      ]),
    },
    () => ({
      changes: Array.from({ length: random.between(0, 3) }, () => changeOf(random, repository)),
      skipCi: random.chance(0.12),
    }),
  );
  return {
    do: 'push',
    ...{ repository, branch, shape, commits, back: random.between(1, 4) },
    ...{ hearing: random.weighted(hearings), late: random.between(500, 12_000) },
  };
}

const actions = {
  push,
  artifact: (random) => ({
    do: 'artifact',
    branch: random.choose(branches.slice(0, 3)),
    back: random.weighted([
      [3, 0],
      [1, 1],
      [1, 3],
    ]),
  }),
  call: (random) => ({
    do: 'call',
    service: random.choose(Object.keys(services).filter((name) => name !== 'java')),
    branch: random.choose(branches),
  }),
  rebuild: (random) => ({
    do: 'rebuild',
    service: random.choose(Object.keys(services)),
    branch: random.choose(branches.slice(0, 3)),
    noCache: random.chance(0.5),
  }),
  cancel: (random) => ({ do: 'cancel', which: random.below(100) }),
  kill: (random) => ({ do: 'kill', away: random.between(0, 3_000) }),
  'engine restart': () => ({ do: 'engine restart' }),
  'registry restart': (random) => ({ do: 'registry restart', away: random.between(0, 3_000) }),
  'low disk': (random) => ({ do: 'low disk', away: random.between(3_000, 8_000) }),
  git: (random) => ({ do: 'git', fault: random.choose(gitFaults), away: random.between(500, 6_000) }),
  registry: (random) => ({ do: 'registry', fault: random.choose(registryFaults), away: random.between(2_000, 10_000) }),
};

const weights = [
  [62, 'push'],
  [8, 'artifact'],
  [4, 'call'],
  [5, 'rebuild'],
  [6, 'cancel'],
  [2.5, 'kill'],
  [0.7, 'engine restart'],
  [1.5, 'registry restart'],
  [1, 'low disk'],
  [5, 'git'],
  [5, 'registry'],
];

/** Milliseconds between two events, on average. */
const MEAN_GAP_MS = 800;

/** Every kind of fault comes at least once, at a time of its own. */
function certain(random, end) {
  const at = () => random.between(Math.floor(end * 0.1), Math.floor(end * 0.95));
  const chosen = ['kill', 'kill', 'engine restart', 'registry restart', 'low disk', 'artifact'];
  return [
    ...chosen.map((name) => ({ at: at(), ...actions[name](random) })),
    ...gitFaults.map((fault) => ({ at: at(), ...actions.git(random), fault })),
    ...registryFaults.map((fault) => ({ at: at(), ...actions.registry(random), fault })),
  ];
}

/** The events of a run of that length, in order of time. `at` is in milliseconds. */
export function planOf(random, seconds) {
  const end = seconds * 1_000;
  const events = certain(random, end);
  for (let at = 500; at < end; at += random.between(1, 2 * MEAN_GAP_MS)) {
    events.push({ at, ...actions[random.weighted(weights)](random) });
  }
  return events.sort((a, b) => a.at - b.at);
}
