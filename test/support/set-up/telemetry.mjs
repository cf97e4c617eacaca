import { ensurePromtool } from '../../../scripts/parts/promtool.mjs';

export default function setUp() {
  process.env.TEST_PROMTOOL = ensurePromtool(console.log);
}
