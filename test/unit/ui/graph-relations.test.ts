import {
  dependentsOf,
  inCircles,
  neighbourhood,
  rebuiltBy,
  relationsOf,
  treeOf,
  type Edge,
  type TreeNode,
} from '../../../ui/src/pages/graph/relations.js';
import { NODE_HEIGHT, pictureOf } from '../../../ui/src/pages/graph/layout.js';

/** `top main > base main`: the branch of one stands on that of the other. `-` for a tag of no branch. */
const edges = (...lines: string[]): Edge[] =>
  lines.map((line) => {
    const [service = '', branch = '', , base = '', baseBranch = ''] = line.split(' ');
    return { service, branch, base, baseBranch: baseBranch === '-' ? null : baseBranch };
  });

const chain = edges('java main > jdk main', 'shop main > java main', 'cart main > java main', 'web main > node main');
const names = ['jdk', 'node', 'java', 'shop', 'cart', 'web'];
const always = () => true;

test('what stands on a service, directly or not', () => {
  const relations = relationsOf(chain);
  expect([...dependentsOf('jdk', relations)].sort()).toEqual(['cart', 'java', 'shop']);
  expect([...dependentsOf('shop', relations)]).toEqual([]);
});

test('branches of the same two services are one relation, and a branch of its own service does not count', () => {
  const relations = relationsOf(edges('a main > b main', 'a next > b main', 'a next > a main'));
  expect([...relations.bases]).toEqual([['a', ['b']]]);
  expect([...relations.dependents]).toEqual([['b', ['a']]]);
});

describe('what a new image would rebuild', () => {
  test('follows the cascade', () => {
    expect([...rebuiltBy('jdk', chain, always)].sort()).toEqual(['cart', 'java', 'shop']);
  });

  test('ends at a service without cascade, and with it what stands on that', () => {
    expect([...rebuiltBy('jdk', chain, (name) => name !== 'java')]).toEqual([]);
    expect([...rebuiltBy('jdk', chain, (name) => name !== 'shop')].sort()).toEqual(['cart', 'java']);
  });

  test('goes branch by branch', () => {
    const branches = edges(
      'java next > jdk main',
      'java main > jdk old',
      'shop main > java next',
      'cart main > java -',
    );
    expect([...rebuiltBy('jdk', branches, always)].sort()).toEqual(['java', 'shop']);
    expect([...rebuiltBy('java', branches, always)]).toEqual(['shop']);
  });

  test('ends in a circle', () => {
    const circle = edges('a main > b main', 'b main > a main', 'c main > a main');
    expect([...rebuiltBy('a', circle, always)].sort()).toEqual(['b', 'c']);
  });
});

test('the neighbourhood has the services a few steps below and above, and no siblings', () => {
  const relations = relationsOf(edges('b m > a m', 'c m > b m', 'd m > c m', 'e m > d m', 'other m > b m'));
  expect([...neighbourhood(['c'], relations, 2)].sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect([...neighbourhood(['c'], relations, 1)].sort()).toEqual(['b', 'c', 'd']);
  expect([...neighbourhood([], relations, 2)]).toEqual([]);
});

describe('the tree', () => {
  const text = (nodes: readonly TreeNode[]): string =>
    nodes
      .map(
        ({ name, isShown, children }) =>
          `${name}${isShown ? '^' : ''}${children.length > 0 ? `(${text(children)})` : ''}`,
      )
      .join(' ');

  test('has bases first, and below each what stands on it', () => {
    expect(text(treeOf(names, relationsOf(chain)))).toBe('jdk(java(cart shop)) node(web)');
  });

  test('lists what stands on a service once, however often that comes', () => {
    const diamond = relationsOf(edges('l m > base m', 'r m > base m', 'top m > l m', 'top m > r m', 'leaf m > top m'));
    expect(text(treeOf(['base', 'l', 'r', 'top', 'leaf'], diamond))).toBe('base(l(top(leaf)) r(top^))');
  });

  test('has circles too, and only the given names', () => {
    const circle = relationsOf(edges('a m > b m', 'b m > a m', 'c m > b m', 'd m > c m'));
    expect(text(treeOf(['a', 'b', 'c', 'd'], circle))).toBe('a(b(a^ c(d)))');
    expect(text(treeOf(['c', 'd'], circle))).toBe('c(d)');
  });
});

test('services of circles', () => {
  expect([...inCircles([['a (main)', 'b (re(l)ease)', 'a (main)']])]).toEqual(['a', 'b']);
});

describe('the picture', () => {
  test('has bases to the left, and no two services on each other', () => {
    const { nodes, edges: lines, width, height, nodeWidth } = pictureOf(names, relationsOf(chain));
    const at = new Map(nodes.map((node) => [node.name, node]));
    const x = (name: string) => at.get(name)?.x ?? NaN;
    expect(x('jdk')).toBeLessThan(x('java'));
    expect(x('java')).toBeLessThan(x('shop'));
    expect(lines).toHaveLength(chain.length);
    for (const { path } of lines) expect(path).toMatch(/^M\d+ \d+([CQL][\d ]+)+$/);
    for (const one of nodes) {
      expect(one.x >= 0 && one.x + nodeWidth <= width && one.y >= 0 && one.y + NODE_HEIGHT <= height).toBe(true);
      const over = nodes.filter(
        (other) => Math.abs(other.x - one.x) < nodeWidth && Math.abs(other.y - one.y) < NODE_HEIGHT,
      );
      expect(over).toEqual([one]);
    }
  });

  test('leaves out what is not shown, and draws circles', () => {
    const circle = relationsOf(edges('a m > b m', 'b m > a m', 'c m > b m'));
    expect(
      pictureOf(['a', 'b'], circle)
        .edges.map(({ base, service }) => `${base} ${service}`)
        .sort(),
    ).toEqual(['a b', 'b a']);
  });

  test('places 300 services before anybody becomes impatient', () => {
    const many = Array.from({ length: 300 }, (_, index) => `s${index}`);
    // Each stands on one to three of an eighth of the number.
    const lines = many.slice(1).flatMap((name, index) => {
      const on = [Math.floor((index + 1) / 8), Math.floor((index + 1) / 5), Math.floor((index + 1) / 16)];
      return [...new Set(on.slice(0, 1 + (index % 3)))].map((base) => `${name} main > s${base} main`);
    });
    // A layout that grows out of hand takes minutes, and this one a second.
    expect(pictureOf(many, relationsOf(edges(...lines))).nodes).toHaveLength(300);
  }, 60_000);
});
