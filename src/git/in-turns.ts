import { setImmediate as nextTurn } from 'node:timers/promises';

/** Steps before other work gets a turn: some milliseconds. */
const TURN_STEPS = 4096;

/** Visits items one after the other and yields to other work. */
export async function inTurns<Item>(items: Iterable<Item>, visit: (item: Item) => void): Promise<void> {
  let steps = 0;
  for (const item of items) {
    visit(item);
    steps += 1;
    if (steps % TURN_STEPS === 0) await nextTurn();
  }
}

/** A sorted copy, made with pauses: sorts runs, then merges them in pairs. */
export async function sortedInTurns<Item>(
  items: readonly Item[],
  compare: (one: Item, other: Item) => number,
): Promise<Item[]> {
  let runs: Item[][] = [];
  for (let at = 0; at < items.length; at += TURN_STEPS) {
    runs.push(items.slice(at, at + TURN_STEPS).sort(compare));
    await nextTurn();
  }
  while (runs.length > 1) {
    const merged: Item[][] = [];
    for (let at = 0; at < runs.length; at += 2) merged.push(await merge(runs[at] ?? [], runs[at + 1] ?? [], compare));
    runs = merged;
  }
  return runs[0] ?? [];
}

async function merge<Item>(
  one: readonly Item[],
  other: readonly Item[],
  compare: (one: Item, other: Item) => number,
): Promise<Item[]> {
  const merged: Item[] = [];
  await inTurns(mergedFrom(one, other, compare), (item) => void merged.push(item));
  return merged;
}

function* mergedFrom<Item>(
  one: readonly Item[],
  other: readonly Item[],
  compare: (one: Item, other: Item) => number,
): Generator<Item> {
  const rest = other.values();
  let next = rest.next();
  for (const item of one) {
    for (; next.done !== true && compare(next.value, item) < 0; next = rest.next()) yield next.value;
    yield item;
  }
  for (; next.done !== true; next = rest.next()) yield next.value;
}
