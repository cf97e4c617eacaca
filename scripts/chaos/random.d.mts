export interface Random {
  below(limit: number): number;
  between(from: number, to: number): number;
  chance(share: number): boolean;
  choose<T>(list: readonly T[]): T;
  weighted<T>(list: readonly (readonly [number, T])[]): T;
}
export function createRandom(seed: number): Random;
