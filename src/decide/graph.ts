import type { BaseEdge } from '../model/base-edge.js';

/** One branch of a service: what stands, or is stood on. */
type Node = string;

/** Which branches of services stand on which, as a graph. Edges onto tags that never move are none of its edges. */
export interface Graph {
  /** Whether the edge is part of a circle: a new image of the base would ask for a new image of the base. */
  isCircular(edge: BaseEdge): boolean;
  /** Each circle in full, e.g. `['a (main)', 'b (main)', 'a (main)']`; together they name every branch that is part of one. */
  readonly cycles: readonly (readonly string[])[];
  /** The services of the edges, each after everything that it stands on (circles aside), those of equal height by name. */
  readonly order: readonly string[];
}

const nodeOf = (service: string, branch: string): Node => `${service} (${branch})`;

/** Pure; a second look at the same edges gives the same graph. Takes time linear in edges, circles aside. */
export function graphOf(edges: readonly BaseEdge[]): Graph {
  const below = adjacency(edges);
  const circleOf = circles(below);
  const isCircular = ({ service, branch, base, baseBranch }: BaseEdge): boolean => {
    if (baseBranch === null) return false;
    const [from, to] = [nodeOf(service, branch), nodeOf(base, baseBranch)];
    return from === to || (circleOf.has(from) && circleOf.get(from) === circleOf.get(to));
  };
  return { isCircular, cycles: namedCycles(below, circleOf), order: orderOf(edges, isCircular) };
}

function adjacency(edges: readonly BaseEdge[]): ReadonlyMap<Node, ReadonlySet<Node>> {
  const below = new Map<Node, Set<Node>>();
  const open = (node: Node): Set<Node> => {
    const found = below.get(node) ?? new Set();
    below.set(node, found);
    return found;
  };
  for (const { service, branch, base, baseBranch } of edges) {
    const from = open(nodeOf(service, branch));
    if (baseBranch === null) continue;
    open(nodeOf(base, baseBranch));
    from.add(nodeOf(base, baseBranch));
  }
  return below;
}

/**
 * Node → number of its strongly connected component, for those of more than one node (Tarjan, "Depth-first search and linear graph
 * algorithms", 1972; without recursion, so that a long chain of bases exhausts no stack).
 */
function circles(below: ReadonlyMap<Node, ReadonlySet<Node>>): ReadonlyMap<Node, number> {
  const index = new Map<Node, number>();
  const low = new Map<Node, number>();
  const stack: Node[] = [];
  const onStack = new Set<Node>();
  const component = new Map<Node, number>();
  let found = 0;
  const enter = (node: Node) => {
    index.set(node, index.size);
    low.set(node, index.size - 1);
    stack.push(node);
    onStack.add(node);
    return { node, next: (below.get(node) ?? new Set<Node>()).values() };
  };
  const lower = (node: Node, value: number) => low.set(node, Math.min(low.get(node) ?? value, value));
  const close = (node: Node): void => {
    if (low.get(node) !== index.get(node)) return;
    const members = stack.splice(stack.lastIndexOf(node));
    for (const member of members) onStack.delete(member);
    if (members.length < 2) return;
    for (const member of members) component.set(member, found);
    found += 1;
  };
  for (const start of below.keys()) {
    const path = index.has(start) ? [] : [enter(start)];
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const { value: child, done } = top.next.next();
      if (done) {
        path.pop();
        close(top.node);
        const parent = path.at(-1);
        if (parent) lower(parent.node, low.get(top.node) ?? 0);
      } else if (!index.has(child)) path.push(enter(child));
      else if (onStack.has(child)) lower(top.node, index.get(child) ?? 0);
    }
  }
  return component;
}

function namedCycles(
  below: ReadonlyMap<Node, ReadonlySet<Node>>,
  circleOf: ReadonlyMap<Node, number>,
): readonly (readonly string[])[] {
  const named = new Set<Node>();
  const cycles: (readonly string[])[] = [];
  for (const node of [...below.keys()].sort()) {
    const self = below.get(node)?.has(node) === true;
    if (named.has(node) || (!circleOf.has(node) && !self)) continue;
    const cycle = self ? [node, node] : shortestCycle(node, below, circleOf);
    for (const member of cycle) named.add(member);
    cycles.push(cycle);
  }
  return cycles;
}

/** From the node back to itself by the fewest edges, without leaving its component. */
function shortestCycle(
  start: Node,
  below: ReadonlyMap<Node, ReadonlySet<Node>>,
  circleOf: ReadonlyMap<Node, number>,
): readonly Node[] {
  const cameFrom = new Map<Node, Node>();
  const queue = [start];
  for (const node of queue) {
    for (const child of below.get(node) ?? []) {
      if (child === start) return [...pathTo(node, start, cameFrom), start];
      if (cameFrom.has(child) || circleOf.get(child) !== circleOf.get(start)) continue;
      cameFrom.set(child, node);
      queue.push(child);
    }
  }
  return [start];
}

function pathTo(node: Node, start: Node, cameFrom: ReadonlyMap<Node, Node>): Node[] {
  const path = [node];
  for (let at = node; at !== start;) {
    at = cameFrom.get(at) ?? start;
    path.unshift(at);
  }
  return path;
}

/** By height: one more than the highest of what a service stands on, on any branch. */
function orderOf(edges: readonly BaseEdge[], isCircular: (edge: BaseEdge) => boolean): readonly string[] {
  const height = new Map<string, number>();
  const raise = (service: string, to: number) => height.set(service, Math.max(height.get(service) ?? 0, to));
  const heights = nodeHeights(edges.filter((edge) => !isCircular(edge)));
  for (const { service, branch, base, baseBranch } of edges) {
    raise(service, heights.get(nodeOf(service, branch)) ?? 0);
    raise(base, heights.get(nodeOf(base, baseBranch ?? '')) ?? 0);
  }
  return [...height].sort(([a, low], [b, high]) => low - high || (a < b ? -1 : 1)).map(([service]) => service);
}

/** Longest path below each branch, of edges without circles (Kahn's topological order). */
function nodeHeights(edges: readonly BaseEdge[]): ReadonlyMap<Node, number> {
  const above = new Map<Node, Node[]>();
  const left = new Map<Node, number>();
  const height = new Map<Node, number>();
  for (const { service, branch, base, baseBranch } of edges) {
    const [from, to] = [nodeOf(service, branch), nodeOf(base, baseBranch ?? '')];
    above.set(to, above.get(to) ?? []);
    above.get(to)?.push(from);
    left.set(from, (left.get(from) ?? 0) + 1);
  }
  const ready = [...above.keys()].filter((node) => !left.has(node));
  for (const node of ready) {
    const below = height.get(node) ?? 0;
    for (const next of above.get(node) ?? []) {
      height.set(next, Math.max(height.get(next) ?? 0, below + 1));
      left.set(next, (left.get(next) ?? 0) - 1);
      if (left.get(next) === 0) ready.push(next);
    }
  }
  return height;
}
