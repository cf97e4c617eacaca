/** Reading what an engine says takes linear time, whatever that is. The deadlines are generous: what was quadratic took minutes. */
import { hostileUnits } from '../../support/hostile-units.js';
import { startScenarios, type Outcomes } from '../../support/outcomes.js';

const DEADLINE_MS = 15_000;
let outcomes: Outcomes;
beforeAll(() => {
  outcomes = startScenarios(new URL('../../support/children/hostile-texts.ts', import.meta.url));
});
afterAll(() => outcomes.close());

test.each([
  ...hostileUnits.map((unit) => `a fault of ${JSON.stringify(unit)}`),
  'a line of carriage returns that goes on',
  'a line of sixteen mebibytes in small pieces',
  'a status that ends thousands of steps that all printed',
])(
  '%s is read in time',
  async (name) => {
    expect(await outcomes.of(name)).toEqual({ name, said: 'ok', unhandled: [] });
  },
  DEADLINE_MS,
);
