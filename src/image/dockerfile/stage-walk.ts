import type { Effort } from '../../effort.js';
import type { Instruction } from './lines.js';
import { readsOf, type Reads } from './reads.js';
import { unreadLine } from './refusal.js';
import type { WrittenDockerfile, WrittenStage } from './stages.js';
import { builtInArgs, readArgs, Variables, type VariableSources } from './variables.js';
import type { GivenArgs } from './injected-args.js';

export interface WalkOptions {
  readonly buildArgs: GivenArgs;
  /** `os/arch[/variant]` that the engine builds for and on. Default: null, unknown. */
  readonly platform?: string | null;
  /** The environments of external base images, by reference. A missing one is unknown. */
  readonly baseEnv?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

interface Walked {
  readonly variables: Variables;
  readonly reads: readonly Reads[];
}

/** Steps charged for one instruction, besides the characters it expands to. */
const INSTRUCTION_STEPS = 500;

/** Resolves the bases and variables of each stage once. Iterative, because chains may have thousands of stages. */
export class StageWalk {
  readonly #sources: VariableSources;
  readonly #outside: Variables;
  readonly #bases: readonly (string | null)[];
  readonly #parents: readonly (WrittenStage | null)[];
  readonly #byName = new Map<string, WrittenStage>();
  readonly #walked = new Map<WrittenStage, Walked>();

  constructor(
    private readonly written: WrittenDockerfile,
    escape: string,
    private readonly options: WalkOptions,
    private readonly effort: Effort,
  ) {
    const globals = new Map<string, string | null | undefined>(builtInArgs(options.platform ?? null));
    for (const name of globals.keys())
      if (Object.hasOwn(options.buildArgs, name)) globals.set(name, options.buildArgs[name]);
    this.#sources = { escape, buildArgs: options.buildArgs, globals };
    const platform = new Map([...globals].flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
    this.#outside = Variables.of(this.#sources, effort, platform, false);
    for (const instruction of written.globals) {
      this.#outside.apply(instruction);
      for (const [name] of readArgs(instruction.rest, escape)) globals.set(name, this.#outside.lookup(name));
    }
    this.#bases = written.stages.map(({ base }) => this.#outside.expand(base));
    this.#parents = this.#findParents();
    for (const stage of written.stages) {
      if (this.baseOf(stage) === '') throw unreadLine(stage, `the base ${stage.base} is empty once expanded`);
      if (stage.name !== null) this.#byName.set(stage.name, stage);
    }
  }

  /** The stage and all stages that it is made from, itself first. */
  from(target: WrittenStage): WrittenStage[] {
    const found = new Set([target]);
    for (const stage of found) {
      const parent = this.#parentStage(stage);
      if (parent) found.add(parent);
      for (const { from } of this.readsOf(stage)) {
        for (const name of from) {
          const other = name === null ? null : this.stageNamed(name);
          if (other) found.add(other);
        }
      }
    }
    return [...found];
  }

  expandGlobal(word: string): string | null {
    return this.#outside.expand(word);
  }

  baseOf({ index }: WrittenStage): string | null {
    return this.#bases[index] ?? null;
  }

  /** The external image that the stage starts from. Null for `scratch`, a stage, or an unknown base. */
  parentImage(stage: WrittenStage): string | null {
    const base = this.baseOf(stage);
    return base === null || base === 'scratch' || this.#parentStage(stage) ? null : base;
  }

  /** The stage with this name or number, as `from=` gives it. */
  stageNamed(name: string): WrittenStage | null {
    return (
      this.#byName.get(name.toLowerCase()) ?? (/^\d+$/.test(name) ? this.written.stages[Number(name)] : null) ?? null
    );
  }

  readsOf(stage: WrittenStage): readonly Reads[] {
    return this.#walk(stage).reads;
  }

  #parentStage({ index }: WrittenStage): WrittenStage | null {
    return this.#parents[index] ?? null;
  }

  /** The nearest earlier stage with the base's name. */
  #findParents(): readonly (WrittenStage | null)[] {
    const above = new Map<string, WrittenStage>();
    return this.written.stages.map((stage) => {
      const base = this.baseOf(stage)?.toLowerCase();
      const parent = (base === undefined ? undefined : above.get(base)) ?? null;
      if (stage.name !== null) above.set(stage.name, stage);
      return parent;
    });
  }

  #walk(stage: WrittenStage): Walked {
    const chain: WrittenStage[] = [];
    for (
      let next: WrittenStage | null = stage;
      next !== null && !this.#walked.has(next);
      next = this.#parentStage(next)
    )
      chain.push(next);
    for (const next of chain.reverse()) this.#walked.set(next, this.#walkOne(next));
    return this.#walked.get(stage) ?? this.#walkOne(stage);
  }

  /** Its parent has been walked already. */
  #walkOne(stage: WrittenStage): Walked {
    const parent = this.#parentStage(stage);
    const below = parent && this.#walked.get(parent);
    const variables = below ? below.variables.derive() : this.#startOf(stage);
    const instructions: readonly Instruction[] = [...(parent?.triggers ?? []), ...stage.instructions];
    const reads: Reads[] = [];
    for (const instruction of instructions) {
      this.effort.spend(INSTRUCTION_STEPS);
      const read = readsOf(instruction, variables);
      if (read) reads.push(read);
      variables.apply(instruction);
    }
    return { variables, reads };
  }

  #startOf(stage: WrittenStage): Variables {
    const base = this.parentImage(stage);
    const known = this.options.baseEnv ?? {};
    const env = base !== null && Object.hasOwn(known, base) ? known[base] : undefined;
    const open = env === undefined && this.baseOf(stage) !== 'scratch';
    return Variables.of(this.#sources, this.effort, new Map(Object.entries(env ?? {})), open);
  }
}
