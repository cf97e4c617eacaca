import type { Effort } from '../../effort.js';
import { cutWord } from './blanks.js';
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
  /** True once a variable was set whose name is not known: it may be any. */
  #isLost = false;

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
    const derived = new Variables(this.sources, this.effort, below, new Map(), this.open);
    derived.#isLost = this.#isLost;
    return derived;
  }

  readonly lookup: Lookup = (name) => {
    if (this.#isLost) return null;
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

  /**
   * Applies an ARG or ENV instruction. Ignores any other. Names are expanded as values are (moby/buildkit,
   * frontend/dockerfile/instructions/commands.go `expandKvp`, `ArgCommand.Expand`).
   */
  apply({ keyword, rest }: Instruction): void {
    const { escape, buildArgs, globals } = this.sources;
    if (keyword === 'ENV') {
      // All pairs of one ENV see the values before it.
      const values = readPairs(rest, escape).map(
        ([name, value]) => [this.expand(name), this.expand(value ?? '')] as const,
      );
      for (const [name, value] of values) {
        this.#set(name, value);
        if (name !== null) this.#ownEnv.set(name, value);
      }
    }
    if (keyword !== 'ARG') return;
    for (const [written, value] of readArgs(rest, escape)) {
      const name = this.expand(written);
      const given = name !== null && Object.hasOwn(buildArgs, name) ? buildArgs[name] : undefined;
      const found = given !== undefined ? given : value === null ? globals.get(name ?? '') : this.#default(value);
      if (found !== undefined || name === null) this.#set(name, found ?? null);
    }
  }

  #set(name: string | null, value: Value): void {
    if (name === null) this.#isLost = true;
    else this.#own.set(name, value);
  }

  /** Newer releases expand a default value twice (dockerfile2llb/convert.go `dispatchArg`): where that matters, it is not known. */
  #default(value: string): Value {
    const expanded = this.expand(value);
    return expanded !== null && /[$'"\\`]/.test(expanded) ? null : expanded;
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

/** `name=value …`, or the old `name value with blanks` (parser/line_parsers.go `parseNameVal`). */
function readPairs(rest: string, escape: string): readonly [string, string | null][] {
  const [first] = splitPairs(rest, escape);
  if (first === undefined || first.includes('=')) return readArgs(rest, escape);
  const { word, after } = cutWord(rest);
  return [[word, after]];
}

const platformNames = ['PLATFORM', 'OS', 'ARCH', 'VARIANT'];

/**
 * ARGs that only newer engines have, so that their values are not known here: what the target is called, and the versions of Windows
 * (moby/buildkit pull request 5431).
 */
const newerArgs = ['TARGETSTAGE', 'TARGETOSVERSION', 'BUILDOSVERSION'];

/**
 * The ARGs that every FROM may use (moby/buildkit, frontend/dockerfile/dockerfile2llb/platform.go `defaultArgs`). Values are null if the
 * platform (`linux/amd64`, `linux/arm/v7`) is unknown.
 */
export function builtInArgs(platform: string | null): Map<string, string | null> {
  const [os = '', arch = '', variant = ''] = platform?.split('/') ?? [];
  const values = [platform ?? '', os, arch, variant];
  const known = new Map(
    ['TARGET', 'BUILD'].flatMap((side) =>
      platformNames.map((name, index): [string, string | null] => [
        side + name,
        platform === null ? null : (values[index] ?? ''),
      ]),
    ),
  );
  return new Map<string, string | null>([...known, ...newerArgs.map((name) => [name, null] as const)]);
}
