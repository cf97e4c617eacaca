/** What a server that stops does not leave behind. */
import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { useGitStage } from '../../support/fake-stage.js';

const open = useGitStage();

test('git that puts packs together ends with the server', async () => {
  const stage = await open();
  await stage.begin();
  await stage.slipway.stop();
  const { folder, log } = stage.slipway;
  // Enough packs for git to put them together, which takes its time.
  const packs = join(folder, 'data', 'mirrors', 'abc', 'app.git', 'objects', 'pack');
  for (let at = 0; at < 100; at += 1) await writeFile(join(packs, `pack-${at}.pack`), '');
  const bin = join(folder, 'bin');
  const script = `#!/bin/sh
PATH="\${PATH#*:}"
[ "$1" = repack ] || exec git "$@"
: >"\${0%/*}/begun"
exec sleep 120
`;
  await mkdir(bin);
  await writeFile(join(bin, 'git'), script, { mode: 0o755 });
  const { PATH = '' } = process.env;
  process.env['PATH'] = `${bin}:${PATH}`;
  try {
    await stage.slipway.start();
  } finally {
    process.env['PATH'] = PATH;
  }
  await stage.push({ 'src/a.txt': '2' });
  await stage.until('packs to be put together', () =>
    access(join(bin, 'begun')).then(
      () => true,
      () => false,
    ),
  );
  await stage.slipway.quiet();
  await stage.slipway.stop();
  const logged = () => log.lines.filter(({ message }) => message === 'could not combine packs');
  await stage.until('git to have ended', async () => logged().length > 0);
  expect(logged()).toHaveLength(1);
});
