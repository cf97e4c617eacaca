/** Slipways on real git and a real store with engine and registry in memory: decisions to their end in milliseconds. */
import { createFakes, type Fakes } from './fakes.js';
import { TestSlipway, type DecisionRow, type TestSlipwayOptions } from './slipway.js';

export interface FakeStage extends Fakes {
  readonly slipway: TestSlipway;
}

export type FakeStageOptions = Pick<TestSlipwayOptions, 'services'> & Partial<TestSlipwayOptions>;

/** The smallest Dockerfile that takes the whole context. */
export const dockerfile = 'FROM scratch\nCOPY . /\n';

/** Opens stages that are closed after the test they were opened in. */
export function useFakeStage(): (options: FakeStageOptions) => Promise<FakeStage> {
  const opened: TestSlipway[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((slipway) => slipway.close()));
  });
  return async (options) => {
    const fakes = createFakes();
    const { host, engine, registry } = fakes;
    const slipway = await TestSlipway.start({ registryHost: host, engine, registry, ...options });
    opened.push(slipway);
    return { ...fakes, slipway };
  };
}

/** `build first-build`, `skip no-change`. */
export const said = (rows: readonly DecisionRow[]): string[] =>
  rows.map(({ decision, reason }) => `${decision} ${reason.code}`);
