import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answering, end, start, type Program } from '../../../scripts/demo/processes.mjs';
import { freePort } from '../../../scripts/parts.mjs';

const folder = mkdtempSync(join(tmpdir(), 'slipway-processes-'));
const log = (name: string): string => join(folder, `${name}.log`);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A server that begins to listen after a while. */
function slowServer(port: number, name: string): Program {
  const code = `setTimeout(() => require('node:http').createServer((q, a) => a.end()).listen(${String(port)}, '127.0.0.1'), 300)`;
  return start([process.execPath, '-e', code, folder], log(name), { outlive: false });
}

describe('a program of the demo', () => {
  it('is waited for from the moment of its start', async () => {
    // While a process becomes another program it has no command line: anyone who asks at that moment must not take it for ended.
    for (let round = 0; round < 8; round += 1) {
      const port = await freePort();
      const url = `http://127.0.0.1:${String(port)}`;
      await fetch(url).catch(() => null);
      const server = slowServer(port, `round-${String(round)}`);
      await expect(answering(url, server, log(`round-${String(round)}`))).resolves.toBeUndefined();
      await end(server.pid, folder);
    }
  });

  it('that ends instead of answering is reported with the last that it said', async () => {
    const failing = start(
      [process.execPath, '-e', 'console.error("no such folder"); process.exit(3)'],
      log('failing'),
      {
        outlive: false,
      },
    );
    const url = `http://127.0.0.1:${String(await freePort())}`;
    await expect(answering(url, failing, log('failing'))).rejects.toThrow(/does not answer[^]*no such folder/);
    expect(failing.alive()).toBe(false);
  });
});
