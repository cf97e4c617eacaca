import type { BaseEdge } from '../model/base-edge.js';

/** One branch of a service. */
type Node = string;

/** A graph of which branches stand on which. Tags that never move add no edges. */
export interface Graph {
  /** The edge is part of a circle: a new image of the base would ask for another new image of the base. */
  isCircular(edge: BaseEdge): boolean;
  /** Each circle in full, e.g. `['a (main)', 'b (main)', 'a (main)']`. Together they name every branch in a circle. */
  readonly cycles: readonly (readonly string[])[];
  /** The services, each after everything that it stands on, ignoring circles. Services of equal height are sorted by name. */
  readonly order: readonly string[];
}

const nodeOf = (service: string, branch: string): Node => `${service} (${branch})`;

/** Pure. Linear in the number of edges, circles aside. */
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
 * Node → number of its strongly connected component, for components of more than one node. Tarjan, "Depth-first search and linear graph
 * algorithms", 1972. Iterative, so that a long chain of bases cannot overflow the stack.
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

/** The shortest way from the node back to itself within its component. */
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

/** A service's height is one more than the greatest height of its bases, over all branches. */
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

/** Length of the longest path below each branch, without circular edges (Kahn's topological order). */
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
