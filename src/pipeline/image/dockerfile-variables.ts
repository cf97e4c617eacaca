import type { Instruction } from './dockerfile-lines.js';
import { expand, splitPairs, type Lookup } from './dockerfile-words.js';
import type { GivenArgs } from './told-args.js';

/** What the caller and the platform say about variables. */
export interface VariableSources {
  readonly escape: string;
  readonly buildArgs: GivenArgs;
  /** ARGs in front of the first FROM, and the platform's. */
  readonly globals: ReadonlyMap<string, string | null | undefined>;
}

type Values = ReadonlyMap<string, string | null | undefined>;

/**
 * The variables that hold at one place of a stage: of ARG and ENV, and the environment of the base image before them, what comes last. An ARG
 * without a value leaves what there is. (BuildKit's frontend keeps both in one state, which begins anew with the environment of the image.)
 */
export class Variables {
  private readonly env: Map<string, string | null>;
  private readonly values: Map<string, string | null | undefined>;

  constructor(
    private readonly sources: VariableSources,
    from: { env?: ReadonlyMap<string, string | null>; values?: Values },
    /** Whether variables may exist that no instruction shows: those of an image that is not known. */
    private readonly open: boolean,
  ) {
    this.env = new Map(from.env);
    this.values = new Map([...(from.values ?? []), ...this.env]);
  }

  /** The variables that a stage built on this one begins with. */
  derive(): Variables {
    return new Variables(this.sources, { env: this.env, values: this.values }, this.open);
  }

  readonly lookup: Lookup = (name) => {
    if (this.values.has(name)) return this.values.get(name);
    return this.open ? null : undefined;
  };

  expand(word: string): string | null {
    return expand(word, this.sources.escape, this.lookup);
  }

  /** Takes an ARG or ENV instruction into account; any other is passed over. */
  apply({ keyword, rest }: Instruction): void {
    const { escape, buildArgs, globals } = this.sources;
    if (keyword === 'ENV') {
      // All pairs of one ENV see the values from before it.
      const values = readPairs(rest, escape).map(([name, value]) => [name, this.expand(value ?? '')] as const);
      for (const [name, value] of values) {
        this.env.set(name, value);
        this.values.set(name, value);
      }
    }
    if (keyword !== 'ARG') return;
    for (const [name, value] of readArgs(rest, escape)) {
      const given = Object.hasOwn(buildArgs, name) ? buildArgs[name] : undefined;
      const found = given !== undefined ? given : value === null ? globals.get(name) : this.expand(value);
      if (found !== undefined) this.values.set(name, found);
    }
  }
}

/** Names (and default values, null where there is none) that an ARG declares. */
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

const FOR_FROM = ['PLATFORM', 'OS', 'ARCH', 'VARIANT'];

/** The platform ARGs that every FROM may use; null values where the platform (`linux/amd64`, `linux/arm/v7`) is not known. */
export function platformArgs(platform: string | null): Map<string, string | null> {
  const [os = '', arch = '', variant = ''] = platform?.split('/') ?? [];
  const values = [platform ?? '', os, arch, variant];
  return new Map(
    ['TARGET', 'BUILD'].flatMap((side) =>
      FOR_FROM.map((name, index): [string, string | null] => [
        side + name,
        platform === null ? null : (values[index] ?? ''),
      ]),
    ),
  );
}
