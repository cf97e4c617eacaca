/** The parts of `npm run chaos` that tell right from wrong. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { planOf } from '../../../scripts/chaos/plan.mjs';
import { createRandom } from '../../../scripts/chaos/random.mjs';
import { readVersionTag, startRegistryGate, type RegistryGate } from '../../../scripts/chaos/registry-gate.mjs';
import { counting, difference } from '../../../scripts/chaos/truth.mjs';

describe('the plan', () => {
  test('follows from the seed, and differs with it', () => {
    expect(planOf(createRandom(7), 60)).toEqual(planOf(createRandom(7), 60));
    expect(planOf(createRandom(7), 60)).not.toEqual(planOf(createRandom(8), 60));
  });

  test('has every kind of fault, whatever the seed and however short', () => {
    const plan = planOf(createRandom(Math.floor(Math.random() * 2 ** 31)), 10);
    const done = new Set(plan.map(({ do: what, fault }) => [what, fault].filter(Boolean).join(' ')));
    const faults = ['kill', 'engine restart', 'registry restart', 'low disk'];
    const git = ['cut', 'flip', 401, 404, 503].map((fault) => `git ${fault}`);
    const registry = [500, 503, 202].map((fault) => `registry ${fault}`);
    expect([...done]).toEqual(expect.arrayContaining([...faults, ...git, ...registry]));
  });
});

describe('the gate before the registry', () => {
  let gate: RegistryGate;
  const registry = createServer((request, response) => {
    request.resume();
    response.writeHead(201).end();
  });

  beforeAll(async () => {
    registry.listen(0, '127.0.0.1');
    await once(registry, 'listening');
    gate = await startRegistryGate(`127.0.0.1:${(registry.address() as AddressInfo).port}`);
  });

  afterAll(async () => {
    await gate.close();
    registry.closeAllConnections();
    registry.close();
  });

  const put = async (tag: string, body: string) =>
    (await fetch(`http://${gate.host}/v2/web/manifests/${tag}`, { method: 'PUT', body })).status;

  test('notices a version tag that gets other content, and nothing else', async () => {
    await put('1.0.0-3-7e56158', 'one');
    await put('1.0.0-3-7e56158', 'one');
    await put('main', 'one');
    await put('main', 'two');
    expect(gate.rewritten).toEqual([]);
    await put('1.0.0-3-7e56158', 'two');
    expect(gate.rewritten).toHaveLength(1);
  });

  test('takes a manifest with 202 and keeps it back', async () => {
    gate.faults.add(202);
    expect(await put('1.0.0-4-1234567', 'three')).toBe(202);
    gate.faults.delete(202);
    expect([gate.written.has('web:1.0.0-4-1234567'), gate.spoilt]).toEqual([false, { 202: 1 }]);
  });
});

test('a version tag says its parts, a branch tag none', () => {
  expect(readVersionTag('1.0.1-22-7e56158-r2')).toEqual({ version: '1.0.1', count: 22, sha: '7e56158' });
  expect(readVersionTag('release-1')).toBeNull();
});

test('images are compared in what counts: other, missing and left files', () => {
  const image = new Map([
    ['src/src/a.txt', 'old'],
    ['src/notes.md', 'of any age'],
    ['src/docker/Dockerfile', 'FROM x'],
  ]);
  const found = counting('web', image);
  const right = new Map([...image].filter(([path]) => path !== 'src/notes.md'));
  expect(difference(right, found)).toBeNull();
  expect(difference(new Map([...right, ['src/src/a.txt', 'new']]), found)).toContain('"old", not "new"');
  expect(difference(new Map([...right, ['src/b.txt', 'new']]), found)).toContain('src/b.txt is null');
  expect(difference(new Map([['src/src/a.txt', 'old']]), found)).toBe('src/docker/Dockerfile should be gone');
  expect(difference(right, null)).toBe('there is no image');
});
