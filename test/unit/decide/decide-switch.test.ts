import fc from 'fast-check';
import type { BalancedState } from '../../../src/balancer/contract.js';
import { decideSwitch, isActive, isUsable, type SwitchHost } from '../../../src/decide/decide-switch.js';

const host = (name: string, state: BalancedState, changes: Partial<SwitchHost> = {}): SwitchHost => ({
  ...{ name, state, passedCheck: state === 'active', isReady: false, isOut: false, hasFailed: false },
  ...changes,
});
const ready = { isReady: true };
const next = (wanted: number, ...hosts: SwitchHost[]): string => {
  const action = decideSwitch({ hosts, wanted });
  if (action.action === 'prepare') return `prepare ${action.hosts.join(' ')}`;
  return 'host' in action ? `${action.action} ${action.host}` : action.action;
};

test.each<[string, string, SwitchHost[]]>([
  ['first the idle host gets the release', 'prepare b', [host('a', 'active'), host('b', 'drained')]],
  ['then it becomes active', 'enable b', [host('a', 'active'), host('b', 'drained', ready)]],
  ['and is waited for', 'await b', [host('a', 'active'), host('b', 'active', { ...ready, passedCheck: false })]],
  ['also while it is down', 'await b', [host('a', 'active'), host('b', 'down', ready)]],
  ['only then the other one goes', 'drain a', [host('a', 'active'), host('b', 'active', ready)]],
  [
    'without checks it is taken at its word',
    'drain a',
    [host('a', 'active'), host('b', 'active', { ...ready, passedCheck: null })],
  ],
  ['the drained one follows by itself', 'none', [host('a', 'drained'), host('b', 'active', ready)]],
  ['a switch that the balancer forgot is made again', 'enable b', [host('a', 'active'), host('b', 'drained', ready)]],
  [
    'one that is dead is replaced as any other',
    'enable b',
    [host('a', 'down', { isOut: true }), host('b', 'drained', ready)],
  ],
  ['and drained', 'drain a', [host('a', 'down', { isOut: true }), host('b', 'active', ready)]],
  ['nobody can take over', 'stuck', [host('a', 'active'), host('b', 'drained', { isOut: true })]],
  ['nor if all are active', 'stuck', [host('a', 'active'), host('b', 'active')]],
  ['what runs already is left', 'none', [host('a', 'active', ready), host('b', 'drained', ready)]],
  ['what somebody else has enabled too', 'none', [host('a', 'active', ready), host('b', 'active', ready)]],
  ['and what nobody uses', 'prepare a b', [host('a', 'drained'), host('b', 'drained')]],
])('%s', (_, action, hosts) => {
  expect(next(1, ...hosts)).toBe(action);
});

test('with fewer idle hosts than active ones it goes in waves', () => {
  const done = { ...ready, passedCheck: true };
  expect(next(2, host('a', 'active'), host('b', 'active'), host('c', 'active', done))).toBe('drain a');
  expect(next(2, host('a', 'drained'), host('b', 'active'), host('c', 'active', done))).toBe('prepare a');
  expect(next(2, host('a', 'drained', ready), host('b', 'active'), host('c', 'active', done))).toBe('enable a');
  expect(next(2, host('a', 'active', done), host('b', 'active'), host('c', 'active', done))).toBe('drain b');
  expect(next(2, host('a', 'active', done), host('b', 'drained'), host('c', 'active', done))).toBe('none');
});

test('a dead one leaves its place, and those that live follow one by one', () => {
  const [dead, lost] = [host('a', 'down', { isOut: true }), host('a', 'drained', { isOut: true })];
  const done = { ...ready, passedCheck: true };
  expect(next(2, dead, host('b', 'active'), host('c', 'active', done))).toBe('drain a');
  expect(next(2, lost, host('b', 'active'), host('c', 'active', { ...done, passedCheck: false }))).toBe('await c');
  expect(next(2, lost, host('b', 'active'), host('c', 'active', done))).toBe('drain b');
  expect(next(2, lost, host('b', 'drained'), host('c', 'active', done))).toBe('prepare b');
  expect(next(2, lost, host('b', 'drained', ready), host('c', 'active', done))).toBe('enable b');
  // If one after the other fails, the next one would too.
  const failed = { isOut: true, hasFailed: true };
  const [b, c, d] = [host('b', 'drained', failed), host('c', 'active'), host('d', 'active', done)];
  expect(next(3, lost, b, c, d)).toBe('drain c');
  expect(next(3, host('a', 'drained', failed), b, c, d)).toBe('stuck');
  expect(next(2, lost, host('b', 'active', done), host('c', 'active', done))).toBe('none');
  expect(next(2, lost, host('b', 'active'), host('c', 'active'))).toBe('stuck');
});

test('all idle hosts are enabled before the first one goes', () => {
  const [a, b] = [host('a', 'active'), host('b', 'active')];
  expect(next(2, a, b, host('c', 'active', ready), host('d', 'drained', ready))).toBe('enable d');
  expect(next(2, a, b, host('c', 'active', ready), host('d', 'active', { ...ready, passedCheck: false }))).toBe(
    'await d',
  );
});

/** Hosts that do what they are asked to; a balancer that forgets everything now and then. */
class Model {
  readonly hosts: Map<string, SwitchHost>;
  readonly wanted: number;

  constructor(private readonly first: readonly boolean[]) {
    this.hosts = new Map(first.map((active, at) => [`h${at}`, host(`h${at}`, active ? 'active' : 'drained')]));
    this.wanted = first.filter(Boolean).length;
  }

  set(name: string, changes: Partial<SwitchHost>): void {
    const before = this.hosts.get(name);
    if (before !== undefined) this.hosts.set(name, { ...before, ...changes });
  }

  get all(): readonly SwitchHost[] {
    return [...this.hosts.values()];
  }

  get served(): number {
    return this.all.filter(isUsable).length;
  }

  forget(): void {
    for (const [at, active] of this.first.entries())
      this.set(`h${at}`, { state: active ? 'active' : 'drained', passedCheck: active });
  }

  /** Some of those that are active at first are dead. */
  lose(names: readonly string[]): void {
    for (const name of names)
      if (this.hosts.get(name)?.state === 'active') this.set(name, { state: 'down', passedCheck: false, isOut: true });
  }

  /** False: nothing is left to do. */
  step(): boolean {
    const action = decideSwitch({ hosts: this.all, wanted: this.wanted });
    if (action.action === 'none') return false;
    if (action.action === 'stuck') throw new Error('stuck');
    if (action.action === 'prepare') for (const name of action.hosts) this.prepare(name);
    if (action.action === 'enable') this.set(action.host, { state: 'active', passedCheck: false });
    if (action.action === 'await') this.set(action.host, { passedCheck: true });
    if (action.action === 'drain') this.set(action.host, { state: 'drained', passedCheck: false });
    return true;
  }

  private prepare(name: string): void {
    expect(this.hosts.get(name)?.state).toBe('drained');
    this.set(name, ready);
  }
}

const sides = fc
  .array(fc.boolean(), { minLength: 2, maxLength: 6 })
  .filter((active) => active.includes(true) && active.includes(false));

test('as many are active afterwards as before, all of them with what is wanted, and at no time fewer', () => {
  fc.assert(
    fc.property(sides, fc.array(fc.nat({ max: 30 }), { maxLength: 3 }), (first, forgets) => {
      const model = new Model(first);
      let steps = 0;
      for (; model.step() && steps < 100; steps += 1) {
        expect(model.served).toBeGreaterThanOrEqual(model.wanted);
        if (forgets.includes(steps)) model.forget();
      }
      expect(steps).toBeLessThan(100);
      const active = model.all.filter(isActive);
      expect(active.map(({ isReady }) => isReady)).toEqual(Array.from({ length: model.wanted }, () => true));
    }),
    { numRuns: 500 },
  );
});

test('with dead ones, too, it comes to its end, and at no time are fewer served than at first', () => {
  fc.assert(
    fc.property(sides, fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 3 }), (first, dead) => {
      const model = new Model(first);
      model.lose(dead.map((at) => `h${at}`));
      const before = model.served;
      for (let steps = 0; model.step(); steps += 1) {
        expect(steps).toBeLessThan(100);
        expect(model.served).toBeGreaterThanOrEqual(before);
      }
      const active = model.all.filter(isActive);
      const alive = model.all.filter(({ isOut }) => !isOut).length;
      expect(active.map(({ isReady }) => isReady)).toEqual(
        Array.from({ length: Math.min(model.wanted, alive) }, () => true),
      );
    }),
    { numRuns: 500 },
  );
});
