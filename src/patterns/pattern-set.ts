import type { Effort } from '../effort.js';

/**
 * One piece of a compiled pattern. `run`: any characters except `/`. `folders`: any number of whole folders. `rest`: anything. `inLine`: but no
 * line break.
 */
export type Piece =
  | { readonly kind: 'run' }
  | { readonly kind: 'folders' | 'rest'; readonly inLine?: boolean }
  | { readonly kind: 'one'; matches(char: string): boolean };

/** The state of all patterns after some characters. Compared by identity. */
export interface PatternState {
  /** Indexes of the patterns that match a text ending here, ascending. */
  readonly matching: readonly number[];
}

interface State extends PatternState {
  /** Ascending. */
  readonly places: Int32Array;
  readonly next: Map<string, State>;
}

/** Limit on the places in all cached states: some megabytes. */
const MAX_PLACES = 1_000_000;

/**
 * Matches many patterns against a text in parallel, without backtracking. A state is a set of live places. States and transitions are
 * created on demand and cached, so most characters cost one look-up for all patterns together. (The lazy automaton of
 * https://swtch.com/~rsc/regexp/regexp3.html.)
 */
export class PatternSet {
  /** All pieces. After each pattern's pieces comes its end: a number, its index. */
  readonly #pieces: readonly (Piece | number)[];
  /** For each piece a number that it shares with its neighbours as long as none of them can match a `/`. */
  readonly #stretches: Int32Array;
  #states = new Map<string, State>();
  #held = 0;
  #first: State;

  constructor(
    patterns: readonly { readonly index: number; readonly pieces: readonly Piece[] }[],
    private readonly effort: Effort,
  ) {
    const all: (Piece | number)[] = [];
    const starts: number[] = [];
    for (const { index, pieces } of patterns) {
      starts.push(all.length * 2);
      for (const piece of pieces) all.push(piece);
      all.push(index);
    }
    this.#pieces = all;
    this.#stretches = stretchesOf(all);
    effort.spend(all.length);
    this.#first = this.#stateOf(starts);
  }

  /** The state before the first character. */
  get start(): PatternState {
    return this.#first;
  }

  /** Changes when cached states are dropped. Callers must not keep older ones, because they reference each other. */
  generation = 0;

  /** The state after more characters. */
  after(from: PatternState, text: string): PatternState {
    let state = from as State;
    for (const char of text) {
      const known = state.next.get(char);
      if (known) this.effort.spend(1);
      state = known ?? this.#step(state, char);
    }
    return state;
  }

  #step(state: State, char: string): State {
    const next: number[] = [];
    for (const place of state.places) this.#advance(place, char, next);
    this.effort.spend(10 + state.places.length + next.length);
    const reached = this.#stateOf(next);
    state.next.set(char, reached);
    return reached;
  }

  /**
   * Adds the places that a character leads to. A piece has two places. The even one is before it. The odd one is inside the folders of a
   * `folders` piece: it takes any character, and at a `/` the piece may end.
   */
  #advance(place: number, char: string, next: number[]): void {
    const piece = this.#pieces[place >> 1];
    if (piece === undefined || typeof piece === 'number') return;
    if ('inLine' in piece && piece.inLine === true && char === '\n') return;
    if (piece.kind === 'folders') {
      if (place % 2 === 0) return;
      next.push(place);
      if (char === '/') next.push((place >> 1) * 2 + 2);
    } else if (piece.kind === 'one') {
      if (piece.matches(char)) next.push(place + 2);
    } else if (piece.kind === 'rest' || char !== '/') next.push(place);
  }

  #stateOf(reached: readonly number[]): State {
    const live = new Set<number>();
    const matching: number[] = [];
    for (const first of reached) {
      // Pieces that may match nothing are skipped at once.
      for (let place = first; !live.has(place); place += 2) {
        const piece = this.#pieces[place >> 1];
        if (typeof piece === 'number') matching.push(piece);
        if (piece === undefined || typeof piece === 'number') break;
        live.add(place);
        if (piece.kind === 'folders') live.add(place | 1);
        if (piece.kind === 'one' || place % 2 === 1) break;
      }
    }
    return this.#remembered(
      this.#withoutSpare(Int32Array.from(live).sort()),
      [...new Set(matching)].sort((a, b) => a - b),
    );
  }

  /** A `*` takes everything before a `/`, so earlier places in the same stretch add nothing. */
  #withoutSpare(places: Int32Array): Int32Array {
    let stretch = -1;
    let kept = places.length;
    for (let at = places.length - 1; at >= 0; at -= 1) {
      const place = places[at] ?? 0;
      const own = this.#stretches[place >> 1] ?? 0;
      if (own === stretch) continue;
      const piece = this.#pieces[place >> 1];
      if (typeof piece === 'object' && piece.kind === 'run') stretch = own;
      kept -= 1;
      places[kept] = place;
    }
    return places.slice(kept);
  }

  #remembered(places: Int32Array, matching: readonly number[]): State {
    const key = `${matching.join()}:${Buffer.from(places.buffer).toString('latin1')}`;
    const known = this.#states.get(key);
    if (known) return known;
    this.#held += places.length + matching.length + 16;
    if (this.#held > MAX_PLACES) this.#forget();
    const state: State = { places, matching, next: new Map() };
    this.#states.set(key, state);
    return state;
  }

  #forget(): void {
    this.#states = new Map();
    this.#held = 0;
    this.generation += 1;
    this.#first = { ...this.#first, next: new Map() };
  }
}

function stretchesOf(pieces: readonly (Piece | number)[]): Int32Array {
  let stretch = 0;
  return Int32Array.from(pieces, (piece) => {
    const isInside =
      typeof piece === 'object' && (piece.kind === 'run' || (piece.kind === 'one' && !piece.matches('/')));
    if (!isInside) stretch += 2;
    return isInside ? stretch + 1 : stretch;
  });
}
