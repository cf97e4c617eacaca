import { createEvents } from '../../../src/events.js';
import type { KeptSpecification } from '../../../src/model/deployment.js';
import type { Environment } from '../../../src/model/environment.js';
import { createServiceLogs } from '../../../src/operations/service-logs.js';
import { createObservations } from '../../../src/pipeline/observe/observations.js';
import { lookAtHost } from '../../../src/pipeline/observe/look-at-host.js';
import { Secret } from '../../../src/secret.js';
import { service } from '../../support/app.js';
import { until } from '../../support/api-client.js';
import { createFakeHost, type FakeHost } from '../../support/fake-host.js';
import { failureOf } from '../../support/failure-of.js';
import { manualClock } from '../../support/manual-clock.js';
import { environmentOf, hostSettings, runOwn, testLabels } from '../../support/own-containers.js';
import { plainParameters } from '../../support/random-parameters.js';

const name = (deployment: string): string => `java-service-1.production.${deployment}`;
let clock: ReturnType<typeof manualClock>;
let events: ReturnType<typeof createEvents>;
let observations: ReturnType<typeof createObservations>;
let hosts: Map<string, FakeHost>;
let environment: Environment;
let specifications: Map<string, KeptSpecification>;
let stop: AbortController;

beforeEach(() => {
  clock = manualClock();
  events = createEvents();
  observations = createObservations(clock, events);
  hosts = new Map(['a', 'b'].map((host) => [host, createFakeHost({ name: host, now: () => clock.now() })]));
  environment = environmentOf([hostSettings('a'), hostSettings('b')]);
  specifications = new Map();
  stop = new AbortController();
});
afterEach(() => stop.abort());

const host = (its: string): FakeHost => hosts.get(its) as FakeHost;
const look = async (...names: string[]) => {
  clock.advance(1000);
  for (const its of names)
    observations.note('production', its, {
      seen: await lookAtHost(host(its), 'production', { labels: testLabels, expected: null }),
    });
};
const logs = () =>
  createServiceLogs({
    hosts: { find: async (_, its) => hosts.get(its) ?? null },
    observations,
    services: () => new Map([service()].map((its) => [its.name, its])),
    environments: () => new Map([['production', environment]]),
    store: {
      deployments: {
        desired: async () => null,
        specification: async (id) => specifications.get(id) ?? null,
      },
    },
    events,
    clock,
  });
const open = (changes: { host?: string; tail?: number; follow?: boolean } = {}) =>
  logs().open(
    { environment, service: 'java-service-1', host: null, tail: 100, follow: false, ...changes },
    stop.signal,
  );
const read = async (changes: Parameters<typeof open>[0] = {}) => {
  const lines: string[] = [];
  for await (const line of await open(changes)) lines.push(line);
  return lines;
};
/** Lines as they come, until the test ends. */
const follow = async (changes: Parameters<typeof open>[0] = {}) => {
  const lines: string[] = [];
  const going = open({ follow: true, ...changes }).then(async (found) => {
    for await (const line of found) lines.push(line);
  });
  return { lines, going };
};
const comes = (lines: readonly string[], line: string) => until(line, async () => lines.includes(line));

test('every line has its host before it, host by host', async () => {
  await runOwn(host('a'));
  await runOwn(host('b'));
  for (const text of ['one', 'two']) host('a').say(name('d1'), text);
  host('b').say(name('d1'), 'three');
  await look('a', 'b');
  expect(await read()).toEqual(['a | one\n', 'a | two\n', 'b | three\n']);
  expect(await read({ tail: 1 })).toEqual(['a | two\n', 'b | three\n']);
  expect(await read({ host: 'b' })).toEqual(['b | three\n']);
});

test('a host that is away has a line that says so, and fails if it is the one that was named', async () => {
  await runOwn(host('b'));
  host('b').say(name('d1'), 'one');
  await look('b');
  observations.note('production', 'a', { why: 'it is off' });
  expect(await read()).toEqual(['a | [slipway] host a cannot be reached: it is off\n', 'b | one\n']);
  expect(await failureOf(open({ host: 'a' }))).toMatchObject({ code: 'host-unreachable', message: 'it is off' });
  host('b').setAway(true);
  expect(await failureOf(open({ host: 'b' }))).toMatchObject({ code: 'host-unreachable' });
  expect((await read())[1]).toMatch(/^b \| \[slipway\] host b cannot be reached: /);
});

test('a host without a container of the service says so', async () => {
  await look('a', 'b');
  expect(await read({ host: 'a' })).toEqual(['a | [slipway] there is no container of java-service-1\n']);
});

test('what a terminal would obey is harmless, and colours stay', async () => {
  await runOwn(host('a'));
  host('a').say(name('d1'), '\u001b[31mred\u001b[0m \u001b[2J\rb | fake');
  await look('a');
  expect(await read({ host: 'a' })).toEqual(['a | \u001b[31mred\u001b[0m \\u001b[2J\\rb | fake\n']);
});

describe('secrets', () => {
  const secret = (value: string) => ({ value, secret: true });

  test('of the environment, of the service and of the kept specification are not shown', async () => {
    environment = {
      ...environment,
      variables: new Secret(
        new Map([
          ['DB', { ...secret('postgres://u:inner-part@db'), parts: ['inner-part'] }],
          ['HOST', { value: 'plain-value', secret: false }],
        ]),
      ),
    };
    specifications.set('d1', {
      image: 'x',
      parameters: {
        ...plainParameters,
        environment: {
          URL: { value: 'http://older-part/$', secret: true, written: 'http://${PART}/$$' },
          MODE: { value: 'open', secret: false, written: 'open' },
        },
      },
      verify: { headers: { authorization: 'Bearer kept' }, path: '/version' },
      secretVerifyKeys: ['headers'],
      publish: {},
    });
    await runOwn(host('a'));
    const texts = ['inner-part', 'postgres://u:inner-part@db', 'plain-value', 'older-part', 'open', 'Bearer kept'];
    for (const text of [...texts, '/version']) host('a').say(name('d1'), text);
    await look('a');
    expect(await read({ host: 'a' })).toEqual(
      ['***', '***', 'plain-value', '***', 'open', '***', '/version'].map((text) => `a | ${text}\n`),
    );
  });

  test('are not shown either when they are split between parts of a line', async () => {
    environment = { ...environment, variables: new Secret(new Map([['P', secret('password')]])) };
    await runOwn(host('a'));
    host('a').say(name('d1'), 'x pass', true);
    host('a').say(name('d1'), 'word y');
    await look('a');
    expect(await read({ host: 'a' })).toEqual(['a | x \n', 'a | *** y\n']);
  });
});

describe('a log that is followed', () => {
  test('goes on with the container that takes the place of another', async () => {
    const old = await runOwn(host('a'));
    host('a').say(name('d1'), 'one');
    await look('a');
    const { lines } = await follow({ host: 'a' });
    await comes(lines, 'a | one\n');
    host('a').say(name('d1'), 'two');
    await comes(lines, 'a | two\n');
    await host('a').controls.stop(old, 0);
    await runOwn(host('a'), { deployment: 'd2', release: 2 });
    host('a').say(name('d2'), 'three');
    await look('a');
    await comes(lines, 'a | three\n');
    host('a').say(name('d2'), 'four');
    await comes(lines, 'a | four\n');
    const goesOn = `a | [slipway] goes on with ${name('d2')}, release 2\n`;
    expect(lines).toEqual(['a | one\n', 'a | two\n', goesOn, 'a | three\n', 'a | four\n']);
  });

  test('has each line once when its container runs again', async () => {
    const id = await runOwn(host('a'));
    for (const text of ['one', 'two']) host('a').say(name('d1'), text);
    await look('a');
    const { lines } = await follow();
    await comes(lines, 'a | two\n');
    host('a').crash(name('d1'), 1);
    clock.advance(1000);
    await host('a').controls.start(id);
    host('a').say(name('d1'), 'three');
    await look('a');
    await comes(lines, 'a | three\n');
    expect(lines.filter((line) => line.startsWith('a | t'))).toEqual(['a | two\n', 'a | three\n']);
  });

  test('goes on when its host is back', async () => {
    await runOwn(host('a'));
    host('a').say(name('d1'), 'one');
    await look('a');
    const { lines } = await follow({ host: 'a' });
    await comes(lines, 'a | one\n');
    host('a').setAway(true);
    await until('it says so', async () => lines.length === 2);
    observations.note('production', 'a', { why: 'it is off' });
    host('a').setAway(false);
    host('a').say(name('d1'), 'two');
    await look('a');
    await comes(lines, 'a | two\n');
    expect(lines.filter((line) => line === 'a | one\n')).toHaveLength(1);
  });

  test('ends with the signal', async () => {
    await runOwn(host('a'));
    await look('a');
    const { going } = await follow();
    stop.abort();
    await going;
  });
});
