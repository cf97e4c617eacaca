/** Random choices that follow from a seed alone. */

/** A generator of 32 bits of state (mulberry32). `choose` and `weighted` take what they choose from. */
export function createRandom(seed) {
  let state = seed >>> 0;
  const fraction = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit) => Math.floor(fraction() * limit);
  return {
    below,
    between: (from, to) => from + below(to - from + 1),
    chance: (share) => fraction() < share,
    choose: (list) => list[below(list.length)],
    /** One of `[weight, value]`, by weight. */
    weighted(list) {
      let at = fraction() * list.reduce((sum, [weight]) => sum + weight, 0);
      for (const [weight, value] of list) {
        at -= weight;
        if (at < 0) return value;
      }
      return list.at(-1)[1];
    },
  };
}
