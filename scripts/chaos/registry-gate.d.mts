export interface RegistryGate {
  readonly host: string;
  readonly faults: Set<number>;
  readonly spoilt: Readonly<Record<string, number>>;
  readonly written: ReadonlyMap<string, string>;
  readonly rewritten: readonly string[];
  close(): Promise<void>;
}
export function startRegistryGate(target: string, port?: number): Promise<RegistryGate>;
export function readVersionTag(
  tag: string,
): { readonly version: string; readonly count: number; readonly sha: string } | null;
