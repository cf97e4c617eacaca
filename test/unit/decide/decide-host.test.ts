import { decideHost, type HostContainer, type HostFacts } from '../../../src/decide/decide-host.js';

const no = { name: 'no', maxRetries: 0 } as const;
const always = { name: 'always', maxRetries: 0 } as const;

let age = 0;
const container = (id: string, over: Partial<HostContainer> = {}): HostContainer => ({
  id,
  spec: 'new',
  deployment: id,
  status: 'running',
  restart: no,
  createdAt: (age += 1),
  ...over,
});
const old = (over: Partial<HostContainer> = {}) => container('old', { spec: 'old', restart: always, ...over });

const decide = (containers: readonly HostContainer[], over: Partial<HostFacts> = {}) => {
  const { reason: _, ...action } = decideHost({
    wanted: { spec: 'new', policy: always },
    containers,
    mayReplace: true,
    isVerified: () => false,
    isStale: () => false,
    ...over,
  });
  return action;
};

test.each<[string, readonly HostContainer[], Partial<HostFacts>, object]>([
  ['an empty host gets a container', [], {}, { action: 'create' }],
  ['so does one that runs something else', [old()], {}, { action: 'create' }],
  ['what is being removed does not count', [container('n', { status: 'removing' })], {}, { action: 'create' }],
  ['nor what is dead', [container('n', { status: 'dead' })], {}, { action: 'create' }],
  [
    'a container that is ready replaces the one that runs',
    [old(), container('n', { status: 'created' })],
    {},
    { action: 'replace', stop: ['old'], start: 'n' },
  ],
  ['not before its turn', [old(), container('n', { status: 'created' })], { mayReplace: false }, { action: 'wait' }],
  [
    'it is started where nothing runs, as after a death between stop and start',
    [old({ status: 'exited' }), container('n', { status: 'created' })],
    {},
    { action: 'replace', stop: [], start: 'n' },
  ],
  [
    'one that ended is started again',
    [container('n', { status: 'exited' })],
    {},
    { action: 'replace', stop: [], start: 'n' },
  ],
  [
    'what a reboot has brought back is stopped once more',
    [old(), container('n', { status: 'exited' })],
    {},
    { action: 'replace', stop: ['old'], start: 'n' },
  ],
  [
    'what runs beside it on another port is stopped',
    [old(), container('n')],
    {},
    { action: 'replace', stop: ['old'], start: 'n' },
  ],
  [
    'a paused one holds its ports',
    [old({ status: 'paused' }), container('n')],
    {},
    { action: 'replace', stop: ['old'], start: 'n' },
  ],
  ['what runs is verified', [old({ status: 'exited' }), container('n')], {}, { action: 'verify', id: 'n' }],
  [
    'what is verified gets its policy, and the others lose theirs',
    [old({ status: 'exited' }), container('n')],
    { isVerified: () => true },
    { action: 'mark', keep: 'n', retire: ['old'] },
  ],
  [
    'the others lose theirs also if a death came in between',
    [old({ status: 'exited' }), container('n', { restart: always })],
    { isVerified: () => true },
    { action: 'mark', keep: 'n', retire: ['old'] },
  ],
  [
    'then nothing is left to do',
    [old({ status: 'exited', restart: no }), container('n', { restart: always })],
    { isVerified: () => true },
    { action: 'none' },
  ],
  [
    'a policy with another number of attempts is another',
    [container('n', { restart: { name: 'on-failure', maxRetries: 3 } })],
    { isVerified: () => true, wanted: { spec: 'new', policy: { name: 'on-failure', maxRetries: 5 } } },
    { action: 'mark', keep: 'n', retire: [] },
  ],
  [
    'a restart stops and starts the same container',
    [container('n', { restart: always })],
    { isVerified: () => true, isStale: () => true },
    { action: 'replace', stop: ['n'], start: 'n' },
  ],
  [
    'of equal ones, the one that runs is kept',
    [container('n'), container('newer', { status: 'exited' })],
    { isVerified: () => false },
    { action: 'verify', id: 'n' },
  ],
  [
    'of equal ones that do not run, the newest is taken',
    [container('n', { status: 'exited' }), container('newer', { status: 'exited' })],
    {},
    { action: 'replace', stop: [], start: 'newer' },
  ],
  ['where nothing should run, what runs is stopped', [old()], { wanted: null }, { action: 'stop', stop: ['old'] }],
  [
    'and what would run after a reboot',
    [old({ status: 'exited' }), container('n', { status: 'exited' })],
    { wanted: null },
    { action: 'stop', stop: ['old'] },
  ],
  ['not before its turn', [old()], { wanted: null, mayReplace: false }, { action: 'wait' }],
  [
    'nothing is done about what is stopped for good',
    [old({ status: 'exited', restart: no })],
    { wanted: null },
    { action: 'none' },
  ],
])('%s', (_, containers, over, expected) => {
  expect(decide(containers, over)).toEqual(expected);
});
