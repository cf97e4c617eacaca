import type { BaseEdge } from '../../../src/model/base-edge.js';
import { graphOf } from '../../../src/decide/graph.js';
import fc from 'fast-check';

/** `app@main > base@main`; `base@` stands for a tag that never moves. */
const edges = (...lines: string[]): BaseEdge[] =>
  lines.map((line) => {
    const [service = '', branch = '', base = '', baseBranch = ''] = line.split(/@| > /);
    return { service, branch, reference: `r/${base}:${baseBranch}`, base, baseBranch: baseBranch || null };
  });

describe('the order of services', () => {
  test.each<[string, string[], string[]]>([
    ['a chain', ['c@m > b@m', 'b@m > a@m'], ['a', 'b', 'c']],
    [
      'a diamond',
      ['top@m > left@m', 'top@m > right@m', 'right@m > base@m', 'left@m > base@m'],
      ['base', 'left', 'right', 'top'],
    ],
    ['a short and a long way', ['top@m > base@m', 'top@m > mid@m', 'mid@m > base@m'], ['base', 'mid', 'top']],
    ['a tag that never moves', ['app@m > base@'], ['base', 'app']],
    ['a circle, and what is above it', ['a@m > b@m', 'b@m > a@m', 'top@m > a@m'], ['a', 'b', 'top']],
  ])('of %s begins with what others stand on', (_, lines, order) => {
    expect(graphOf(edges(...lines)).order).toEqual(order);
  });
});

describe('circles', () => {
  test.each<[string, string[], string[]]>([
    ['of two', ['a@m > b@m', 'b@m > a@m', 'c@m > a@m'], ['a (m) → b (m) → a (m)']],
    ['of one, a service on its own image', ['a@m > a@m'], ['a (m) → a (m)']],
    ['of three across branches', ['a@m > b@x', 'b@x > c@m', 'c@m > a@m'], ['a (m) → b (x) → c (m) → a (m)']],
    [
      'that share a service are both named',
      ['a@m > b@m', 'b@m > a@m', 'b@m > c@m', 'c@m > b@m'],
      ['a (m) → b (m) → a (m)', 'c (m) → b (m) → c (m)'],
    ],
    ['apart from each other', ['b@m > b@m', 'c@m > d@m', 'd@m > c@m'], ['b (m) → b (m)', 'c (m) → d (m) → c (m)']],
    ['none: another branch of the same service', ['a@m > b@x', 'b@m > a@m'], []],
    ['none: a tag that never moves', ['a@m > b@', 'b@m > a@m'], []],
    ['none: a diamond', ['t@m > l@m', 't@m > r@m', 'l@m > b@m', 'r@m > b@m'], []],
  ])('%s', (_, lines, cycles) => {
    expect(graphOf(edges(...lines)).cycles.map((cycle) => cycle.join(' → '))).toEqual(cycles);
  });

  test('an edge is circular where its base leads back, not where it leads into a circle', () => {
    const all = edges('a@m > b@m', 'b@m > a@m', 'top@m > a@m', 'b@m > base@m');
    const { isCircular } = graphOf(all);
    expect(all.map(isCircular)).toEqual([true, true, false, false]);
  });

  test('of any graph are real, cover every circular edge, and end the moment they close', () => {
    const node = fc.nat({ max: 6 });
    fc.assert(
      fc.property(fc.array(fc.tuple(node, node), { maxLength: 20 }), (pairs) => {
        const all = edges(...pairs.map(([from, to]) => `s${from}@m > s${to}@m`));
        const { cycles, isCircular, order } = graphOf(all);
        const has = (from = '', to = '') => all.some((e) => `${e.service} (m)` === from && `${e.base} (m)` === to);
        for (const cycle of cycles) {
          expect(cycle.at(0)).toBe(cycle.at(-1));
          expect(new Set(cycle).size).toBe(cycle.length - 1);
          expect(cycle.slice(1).every((to, index) => has(cycle[index], to))).toBe(true);
        }
        const named = new Set(cycles.flat());
        for (const edge of all) {
          if (isCircular(edge)) expect(named).toContain(`${edge.service} (m)`);
          else expect(order.indexOf(edge.base)).toBeLessThan(order.indexOf(edge.service));
        }
        expect(all.some(isCircular)).toBe(cycles.length > 0);
      }),
    );
  });
});

test('a chain of ten thousand services, and a base of as many, are read in a moment', () => {
  const chain = edges(...Array.from({ length: 10_000 }, (_, n) => `s${n + 1}@m > s${n}@m`));
  const fan = edges(...Array.from({ length: 10_000 }, (_, n) => `f${n}@m > s0@m`));
  const { order, cycles } = graphOf([...chain, ...fan]);
  expect(order).toHaveLength(20_001);
  expect([order[0], order.at(-1), cycles]).toEqual(['s0', 's10000', []]);
});
