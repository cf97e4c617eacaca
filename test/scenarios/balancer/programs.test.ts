/** What programs may do wrong. */
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCommandBalancer } from '../../../src/balancer/command/command.js';
import { createMask } from '../../../src/mask.js';
import { createTurns } from '../../../src/turns.js';
import { until } from '../../support/api-client.js';
import { failureOf } from '../../support/failure-of.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-programs-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const sh = (script: string, ...more: readonly string[]) => ['sh', '-c', script, 'sh', ...more];

const balancerOf = (
  commands: { readonly observe?: readonly string[]; readonly enable?: readonly string[] },
  timeouts?: { readonly observe: number; readonly change: number },
) =>
  createCommandBalancer({
    settings: {
      kind: 'command',
      observe: sh('echo a active; echo b drained'),
      enable: sh('exit 0', '{host}'),
      drain: sh('exit 0', '{host}'),
      address: null,
      ...commands,
    },
    hosts: ['a', 'b'],
    mask: createMask(['hunter22'], 4),
    inTurn: createTurns(),
    ...(timeouts && { timeouts }),
  });

const isAlive = (pid: number): boolean =>
  existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));

/** The number that a program wrote, once it did. */
const pidIn = (file: string): Promise<number> =>
  until('the program to run', async () => existsSync(file) && Number(readFileSync(file, 'utf8').trim()));

test('words reach a program as they are, with names for placeholders', async () => {
  const file = join(folder, 'words');
  const enable = sh('printf "%s\\n" "$@" > "$0"; :', file, '{service}/{host}', '$(id) *');
  const words = [...enable.slice(0, 3), ...enable.slice(4)];
  await balancerOf({ enable: words }).enable('shop', 'b');
  expect(readFileSync(file, 'utf8')).toBe('shop/b\n$(id) *\n');
});

const passing = { code: 'balancer-unavailable', blame: 'balancer', retryable: true };

test.each([
  ['is not there', ['/nonexistent/lb'], /^\/nonexistent\/lb: it cannot be started: .*ENOENT/],
  ['is no program', ['/etc/passwd'], /cannot be started: .*EACCES/],
  ['is killed', sh('kill -9 $$'), /it was ended by SIGKILL/],
  ['prints no states', sh('echo all is well'), /not a line of the form HOST STATE \[SESSIONS\]: all is well/],
  ['prints too much', sh('yes'), /it printed more than 64 KiB/],
])('a program that %s', async (_, observe, words) => {
  const failure = await failureOf(balancerOf({ observe }).observe('web'));
  expect(failure).toMatchObject(passing);
  expect(failure?.message).toMatch(words);
});

test('a program that takes too long is killed, with what it started', async () => {
  const file = join(folder, 'pid');
  const observe = sh(`sleep 1000 & echo $! > ${file}; wait`);
  const failure = await failureOf(balancerOf({ observe }, { observe: 500, change: 20_000 }).observe('web'));
  expect(failure).toMatchObject(passing);
  expect(failure?.message).toMatch(/it took more than 0.5 s, and was ended/);
  const pid = await pidIn(file);
  await until('its child to end', async () => !isAlive(pid));
});

test('a change ends sooner than a look, and the permit is asked for after what came before', async () => {
  const [file, order] = [join(folder, 'over'), [] as string[]];
  const enable = sh(`sleep 1000; touch ${file}`, '{host}');
  const balancer = balancerOf({ enable }, { observe: 20_000, change: 300 });
  const slow = failureOf(balancer.enable('web', 'a')).then((failure) => {
    order.push('the slow change ended');
    return failure;
  });
  await balancer.drain('web', 'b', async () => void order.push('a permit that is not needed'));
  const lost = balancer.enable('web', 'b', async () => {
    order.push('the permit');
    throw new Error('the lease is lost');
  });
  await expect(lost).rejects.toThrow('the lease is lost');
  expect(await slow).toMatchObject({
    ...passing,
    message: expect.stringMatching(/it took more than 0.3 s, and was ended/),
  });
  expect(order).toEqual(['the slow change ended', 'the permit']);
  expect(existsSync(file)).toBe(false);
});

test('what a program leaves behind does not hold it up, and ends with it', async () => {
  const file = join(folder, 'pid');
  const observe = sh(`sleep 1000 & echo $! > ${file}; echo a active; echo b drained 7`);
  const hosts = await balancerOf({ observe }).observe('web');
  expect(hosts.get('b')).toEqual({ state: 'drained', sessions: 7, passedCheck: null, reason: null });
  const pid = await pidIn(file);
  await until('its child to end', async () => !isAlive(pid));
});

test('a program that refuses says why in its last lines, without secrets', async () => {
  const enable = sh(
    'for i in 1 2 3 4 5 6 7 8 9 10 11; do echo "line $i" >&2; done; echo hunter22 >&2; exit 3',
    '{host}',
  );
  const failure = await failureOf(balancerOf({ enable }).enable('web', 'b'));
  expect(failure).toMatchObject({ code: 'balancer-refused', blame: 'balancer', retryable: false });
  expect(failure?.message).toMatch(/^sh: exit code 3\nline 3\n(line \d+\n){8}\*\*\*$/);
});

test('a secret that was cut in two is not shown', async () => {
  // 4,096 characters are kept, so the cut is between hunt and er22.
  const enable = sh(`printf 'hunter22\\n%04091d' 1 >&2; exit 1`, '{host}');
  const failure = await failureOf(balancerOf({ enable }).enable('web', 'b'));
  expect(failure?.message).toMatch(/^sh: exit code 1\n0+/);
});

test('a host that no line names is unknown', async () => {
  const hosts = await balancerOf({ observe: sh('echo a active; echo c active') }).observe('web');
  expect([...hosts.keys()]).toEqual(['a', 'b']);
  expect(hosts.get('b')).toMatchObject({ state: 'unknown', reason: 'the program that observes does not name it' });
});
