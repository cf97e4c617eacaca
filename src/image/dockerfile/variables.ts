import type { Effort } from '../../effort.js';
import type { Instruction } from './lines.js';
import { expand, splitPairs, type Lookup } from './words.js';
import type { GivenArgs } from './injected-args.js';

/** Variables from the caller and the platform. */
export interface VariableSources {
  readonly escape: string;
  readonly buildArgs: GivenArgs;
  /** ARGs before the first FROM, and the platform's. */
  readonly globals: ReadonlyMap<string, string | null | undefined>;
}

/** Steps charged for an expanded character. Expanded text is copied to the main thread, so a few megabytes are enough. */
const CHARACTER_STEPS = 10;

/** The value, or null if it cannot be known here. */
type Value = string | null;

/**
 * The variables at one place of a stage. The last ARG or ENV in the stage wins. Next come the environment from the stages below, then their
 * ARGs. An ARG without a value changes nothing. (BuildKit keeps both in one state, which restarts with the image's environment.) A stage
 * holds only what it sets itself, because thousands may be stacked.
 */
export class Variables {
  readonly #own = new Map<string, Value>();
  readonly #ownEnv: Map<string, Value>;

  private constructor(
    private readonly sources: VariableSources,
    private readonly effort: Effort,
    /** The variables of the stage below, or null at the bottom. */
    private readonly below: Variables | null,
    env: ReadonlyMap<string, Value>,
    /** True if the base image is unknown, so that variables may exist which no instruction shows. */
    private readonly open: boolean,
  ) {
    this.#ownEnv = new Map(env);
  }

  /** The variables at the start of a stage: its base image's environment. `open`: that is unknown. */
  static of(sources: VariableSources, effort: Effort, env: ReadonlyMap<string, Value>, open: boolean): Variables {
    return new Variables(sources, effort, null, env, open);
  }

  /** The variables at the start of a stage built on this one. */
  derive(): Variables {
    const isEmpty = this.#own.size === 0 && this.#ownEnv.size === 0;
    const below = isEmpty && this.below !== null ? this.below : this;
    return new Variables(this.sources, this.effort, below, new Map(), this.open);
  }

  readonly lookup: Lookup = (name) => {
    const value = this.#own.get(name) ?? null;
    if (value !== null || this.#own.has(name)) return value;
    const found = this.#inherited(name, 'ownEnv') ?? this.#inherited(name, 'own');
    if (found) return found.value;
    return this.open ? null : undefined;
  };

  expand(word: string): string | null {
    const expanded = expand(word, this.sources.escape, this.lookup);
    this.effort.spend(CHARACTER_STEPS * (word.length + (expanded?.length ?? 0)));
    return expanded;
  }

  /** Applies an ARG or ENV instruction. Ignores any other. */
  apply({ keyword, rest }: Instruction): void {
    const { escape, buildArgs, globals } = this.sources;
    if (keyword === 'ENV') {
      // All pairs of one ENV see the values before it.
      const values = readPairs(rest, escape).map(([name, value]) => [name, this.expand(value ?? '')] as const);
      for (const [name, value] of values) {
        this.#ownEnv.set(name, value);
        this.#own.set(name, value);
      }
    }
    if (keyword !== 'ARG') return;
    for (const [name, value] of readArgs(rest, escape)) {
      const given = Object.hasOwn(buildArgs, name) ? buildArgs[name] : undefined;
      const found = given !== undefined ? given : value === null ? globals.get(name) : this.expand(value);
      if (found !== undefined) this.#own.set(name, found);
    }
  }

  #inherited(name: string, kind: 'own' | 'ownEnv'): { readonly value: Value } | null {
    for (let layer: Variables | null = kind === 'own' ? this.below : this; layer !== null; layer = layer.below) {
      this.effort.spend(1);
      const value = (kind === 'own' ? layer.#own : layer.#ownEnv).get(name);
      if (value !== undefined) return { value };
    }
    return null;
  }
}

/** Names and default values (or null) that an ARG declares. */
export function readArgs(rest: string, escape: string): [string, string | null][] {
  return splitPairs(rest, escape).map((word) => {
    const equals = word.indexOf('=');
    return equals < 0 ? [word, null] : [word.slice(0, equals), word.slice(equals + 1)];
  });
}

/** `name=value …`, or the old `name value with blanks`. */
function readPairs(rest: string, escape: string): [string, string | null][] {
  if (/^[^\s=]+\s/.test(rest)) {
    const [, name = '', value = ''] = /^(\S+)\s+(.*)$/s.exec(rest) ?? [];
    return [[name, value]];
  }
  return readArgs(rest, escape);
}

const platformNames = ['PLATFORM', 'OS', 'ARCH', 'VARIANT'];

/** The platform ARGs that every FROM may use. Values are null if the platform (`linux/amd64`, `linux/arm/v7`) is unknown. */
export function platformArgs(platform: string | null): Map<string, string | null> {
  const [os = '', arch = '', variant = ''] = platform?.split('/') ?? [];
  const values = [platform ?? '', os, arch, variant];
  return new Map(
    ['TARGET', 'BUILD'].flatMap((side) =>
      platformNames.map((name, index): [string, string | null] => [
        side + name,
        platform === null ? null : (values[index] ?? ''),
      ]),
    ),
  );
}
