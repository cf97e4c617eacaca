import { ensureCompose } from '../../../scripts/parts/compose.mjs';

export default function setUp() {
  process.env.TEST_COMPOSE = ensureCompose(console.log);
}
