import type { Random } from './random.mjs';

export interface ChaosEvent {
  readonly at: number;
  readonly do: string;
  readonly fault?: string | number;
}
export function planOf(random: Random, seconds: number): readonly ChaosEvent[];
