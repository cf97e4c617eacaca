import { ensureHaproxy } from '../../../scripts/parts/haproxy.mjs';

export default function setUp() {
  process.env.TEST_HAPROXY = ensureHaproxy(console.log);
}
