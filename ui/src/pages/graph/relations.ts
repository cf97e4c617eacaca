/** Who stands on whose image, as pure functions of the graph's edges. */

/** One branch of a service that stands on the image of another's branch. Null: a tag of no branch, which never moves. */
export interface Edge {
  readonly service: string;
  readonly branch: string;
  readonly base: string;
  readonly baseBranch: string | null;
}

/** The neighbours of each service: those below it (its bases) and those above. */
export interface Relations {
  readonly bases: ReadonlyMap<string, readonly string[]>;
  readonly dependents: ReadonlyMap<string, readonly string[]>;
}

/** Edges of all branches, each pair of services once. */
export function relationsOf(edges: readonly Edge[]): Relations {
  const [bases, dependents] = [new Map<string, Set<string>>(), new Map<string, Set<string>>()];
  const add = (map: Map<string, Set<string>>, from: string, to: string) =>
    map.set(from, (map.get(from) ?? new Set()).add(to));
  for (const { service, base } of edges) {
    if (service === base) continue;
    add(bases, service, base);
    add(dependents, base, service);
  }
  const lists = (map: Map<string, Set<string>>) => new Map([...map].map(([name, set]) => [name, [...set].sort()]));
  return { bases: lists(bases), dependents: lists(dependents) };
}

/** Everything that is reached from some services in at most `steps`, those included. */
function reached(
  from: Iterable<string>,
  next: ReadonlyMap<string, readonly string[]>,
  steps = Infinity,
): ReadonlySet<string> {
  const found = new Set(from);
  let border = [...found];
  for (let step = 0; step < steps && border.length > 0; step += 1) {
    border = border.flatMap((name) => next.get(name) ?? []).filter((name) => !found.has(name) && found.add(name));
  }
  return found;
}

/** Everything that stands on a service, directly or not, without itself. */
export function dependentsOf(name: string, { dependents }: Relations): ReadonlySet<string> {
  const found = new Set(reached([name], dependents));
  found.delete(name);
  return found;
}

/** Services within `steps` below and above some services, those included. */
export function neighbourhood(names: Iterable<string>, relations: Relations, steps: number): ReadonlySet<string> {
  const centre = [...names];
  return new Set([...reached(centre, relations.bases, steps), ...reached(centre, relations.dependents, steps)]);
}

/**
 * Services that a new image of a service would rebuild, branch by branch. The cascade passes what has `cascade: false` by, and with it what
 * stands on that. It follows no tag that never moves.
 */
export function rebuiltBy(
  name: string,
  edges: readonly Edge[],
  cascades: (service: string) => boolean,
): ReadonlySet<string> {
  const keyOf = (service: string, branch: string) => `${branch} ${service}`;
  const onto = new Map<string, Edge[]>();
  for (const edge of edges) {
    if (edge.baseBranch === null || !cascades(edge.service)) continue;
    const key = keyOf(edge.base, edge.baseBranch);
    const known = onto.get(key);
    if (known) known.push(edge);
    else onto.set(key, [edge]);
  }
  const begin = edges.flatMap(({ base, baseBranch }) =>
    base === name && baseBranch !== null ? [keyOf(base, baseBranch)] : [],
  );
  const seen = new Set(begin);
  const rebuilt = new Set<string>();
  for (const key of seen) {
    for (const { service, branch } of onto.get(key) ?? []) {
      rebuilt.add(service);
      // A set that grows is walked to its new end.
      seen.add(keyOf(service, branch));
    }
  }
  rebuilt.delete(name);
  return rebuilt;
}

/** A service in the tree of what stands on what. `isShown`: what stands on it is listed where it came first. */
export interface TreeNode {
  readonly name: string;
  readonly isShown: boolean;
  readonly children: readonly TreeNode[];
}

/** Bases first, and below each what stands on it. A service that stands on several comes several times, its own dependents once. */
export function treeOf(names: readonly string[], { bases, dependents }: Relations): readonly TreeNode[] {
  const within = new Set(names);
  const shown = new Set<string>();
  const nodeOf = (name: string): TreeNode => {
    const above = (dependents.get(name) ?? []).filter((one) => within.has(one));
    if (shown.has(name)) return { name, isShown: above.length > 0, children: [] };
    shown.add(name);
    return { name, isShown: false, children: above.map(nodeOf) };
  };
  const isRoot = (name: string) => !(bases.get(name) ?? []).some((one) => within.has(one));
  const roots = names.filter(isRoot).map(nodeOf);
  // Services of a circle stand on nothing that comes first.
  const rest: TreeNode[] = [];
  for (const name of names) if (!shown.has(name)) rest.push(nodeOf(name));
  return [...roots, ...rest];
}

/** Services of circles: `['a (main)', 'b (main)', 'a (main)']` has `a` and `b`. */
export const inCircles = (cycles: readonly (readonly string[])[]): ReadonlySet<string> =>
  new Set(cycles.flat().map((one) => one.replace(/ \(.*$/, '')));
