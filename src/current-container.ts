import type { OwnContainer } from './model/observation.js';

/** The one that runs, or the newest. Stopped ones are kept beside it. */
export function currentOf(containers: readonly OwnContainer[]): OwnContainer | null {
  const rank = ({ state }: OwnContainer): number =>
    state.status === 'running' || state.status === 'restarting' ? 1 : 0;
  const [first] = [...containers].sort((a, b) => rank(b) - rank(a) || b.createdAt - a.createdAt);
  return first ?? null;
}
