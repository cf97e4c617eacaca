import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareSocket } from '../../../src/tunnel/socket-folder.js';

test('a socket that a killed server left is gone before the next tunnel begins', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-'));
  try {
    await writeFile(join(folder, 'a.sock'), '');
    const { socket } = await prepareSocket(folder, 'a');
    expect([socket, existsSync(socket)]).toEqual([join(folder, 'a.sock'), false]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
