import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pollFile } from '../../../src/config/poll-file.js';
import { until } from '../../support/api-client.js';

test('a file that is written, and one that another replaces, has changed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-watch-'));
  try {
    const file = join(folder, 'slipway.yaml');
    await writeFile(file, 'one');
    for (const change of [
      () => writeFile(file, 'two of another length'),
      async () => {
        await writeFile(`${file}.new`, 'three');
        await rename(`${file}.new`, file);
      },
    ]) {
      const stopping = new AbortController();
      let isSeen = false;
      pollFile(file, () => (isSeen = true), stopping.signal);
      // What is written before the file is first looked at is no change, and nobody tells when that is.
      await until('the change to be seen', async () => {
        if (!isSeen) await change();
        return isSeen;
      }).finally(() => stopping.abort());
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
