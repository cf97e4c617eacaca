import type { Instruction } from './dockerfile-lines.js';
import { readsOf, type Reads } from './dockerfile-reads.js';
import { invalidLine, type WrittenDockerfile, type WrittenStage } from './dockerfile-stages.js';
import { platformArgs, readArgs, Variables, type VariableSources } from './dockerfile-variables.js';
import type { GivenArgs } from './told-args.js';

export interface WalkOptions {
  readonly buildArgs: GivenArgs;
  /** `os/arch[/variant]` that the engine builds for and on; default null, not known. */
  readonly platform?: string | null;
  /** The environment of an external base image; null (the default for all) where it is not known. */
  readonly baseEnv?: (reference: string) => Readonly<Record<string, string>> | null;
}

/** Stages with their bases and variables resolved, each once. */
export class StageWalk {
  private readonly sources: VariableSources;
  private readonly outside: Variables;
  private readonly ends = new Map<WrittenStage, { readonly variables: Variables; readonly reads: readonly Reads[] }>();

  constructor(
    private readonly written: WrittenDockerfile,
    escape: string,
    private readonly options: WalkOptions,
  ) {
    const globals = new Map<string, string | null | undefined>(platformArgs(options.platform ?? null));
    for (const name of globals.keys())
      if (Object.hasOwn(options.buildArgs, name)) globals.set(name, options.buildArgs[name]);
    this.sources = { escape, buildArgs: options.buildArgs, globals };
    this.outside = new Variables(this.sources, { values: globals }, false);
    for (const instruction of written.globals) {
      this.outside.apply(instruction);
      for (const [name] of readArgs(instruction.rest, escape)) globals.set(name, this.outside.lookup(name));
    }
    for (const stage of written.stages)
      if (this.baseOf(stage) === '') throw invalidLine(stage, `the base ${stage.base} is empty once expanded`);
  }

  /** The stage and all that it is made of, itself first. */
  from(target: WrittenStage): WrittenStage[] {
    const found = new Set([target]);
    for (const stage of found) {
      const parent = this.parentStage(stage);
      if (parent) found.add(parent);
      for (const name of this.readsOf(stage).flatMap((read) => read.from)) {
        const other = name === null ? null : this.stageNamed(name);
        if (other) found.add(other);
      }
    }
    return [...found];
  }

  expandGlobal(word: string): string | null {
    return this.outside.expand(word);
  }

  baseOf(stage: WrittenStage): string | null {
    return this.outside.expand(stage.base);
  }

  /** The external image that the stage begins from; null for `scratch`, a stage, or what cannot be known. */
  parentImage(stage: WrittenStage): string | null {
    const base = this.baseOf(stage);
    return base === null || base === 'scratch' || this.parentStage(stage) ? null : base;
  }

  /** `from=` names a stage, or gives its number. */
  stageNamed(name: string): WrittenStage | null {
    const { stages } = this.written;
    return (
      stages.findLast((stage) => stage.name === name.toLowerCase()) ??
      (/^\d+$/.test(name) ? stages[Number(name)] : null) ??
      null
    );
  }

  readsOf(stage: WrittenStage): readonly Reads[] {
    return this.walk(stage).reads;
  }

  private parentStage(stage: WrittenStage): WrittenStage | null {
    const base = this.baseOf(stage)?.toLowerCase();
    return this.written.stages.slice(0, stage.index).findLast(({ name }) => name !== null && name === base) ?? null;
  }

  private walk(stage: WrittenStage): { readonly variables: Variables; readonly reads: readonly Reads[] } {
    const known = this.ends.get(stage);
    if (known) return known;
    const parent = this.parentStage(stage);
    const variables = parent ? this.walk(parent).variables.derive() : this.startOf(stage);
    const instructions: readonly Instruction[] = [...(parent?.triggers ?? []), ...stage.instructions];
    const reads = instructions.map((instruction) => {
      const read = readsOf(instruction, variables);
      variables.apply(instruction);
      return read;
    });
    const end = { variables, reads };
    this.ends.set(stage, end);
    return end;
  }

  private startOf(stage: WrittenStage): Variables {
    const base = this.parentImage(stage);
    const env = base === null ? null : (this.options.baseEnv?.(base) ?? null);
    const open = env === null && this.baseOf(stage) !== 'scratch';
    return new Variables(this.sources, { env: new Map(Object.entries(env ?? {})) }, open);
  }
}
