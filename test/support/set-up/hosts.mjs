import { ensureOpenSshServer } from '../../../scripts/parts/openssh.mjs';

export default function setUp() {
  process.env.TEST_OPENSSH = ensureOpenSshServer(console.log);
}
