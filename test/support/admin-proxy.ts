import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exchange } from '../../src/balancer/haproxy/exchange.js';
import type { Fate } from './host-proxy.js';

/** What becomes of a line: as for a request of an engine, or HAProxy never hears of it and this is said. Null: nothing is. */
export type LineFate = Exclude<Fate, { readonly status: number }> | { readonly says: string | null };

export type LineJudge = (line: string) => LineFate | Promise<LineFate>;

/** Stands between Slipway and the admin socket of HAProxy. */
export interface AdminProxy {
  readonly address: string;
  /** Every line from now on is judged; `null` lets all pass. */
  judge(judge: LineJudge | null): void;
  close(): Promise<void>;
}

const passing: LineJudge = () => 'pass';

export async function startAdminProxy(haproxy: string): Promise<AdminProxy> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-admin-'));
  const address = join(folder, 'admin.sock');
  const open = new Set<Socket>();
  let judge = passing;
  const server = createServer((client) => {
    open.add(client);
    client.on('error', () => undefined).on('close', () => open.delete(client));
    let text = '';
    client.on('data', (chunk) => {
      text += chunk.toString();
      const line = text.trimEnd();
      if (text.endsWith('\n')) void Promise.resolve(judge(line)).then((fate) => give(client, haproxy, line, fate));
    });
  });
  server.listen(address);
  await once(server, 'listening');
  return {
    address,
    judge: (next) => void (judge = next ?? passing),
    async close() {
      server.close();
      for (const socket of open) socket.destroy();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Hands the line on, or does to the client what it gets instead. */
async function give(client: Socket, haproxy: string, line: string, fate: LineFate): Promise<void> {
  if (fate === 'drop') return void client.destroy();
  if (typeof fate === 'object' && 'says' in fate) return void (fate.says !== null && client.end(fate.says));
  if (typeof fate === 'object' && 'sent' in fate) {
    const upstream = connect(haproxy);
    upstream.on('error', () => undefined).resume();
    return void upstream.write(`${line}\n`, () => void fate.sent());
  }
  const answer = await exchange(haproxy, line, 5_000, 'the test').catch(() => null);
  if (fate !== 'pass') await fate.lose();
  if (answer === null || fate !== 'pass') client.destroy();
  else client.end(answer);
}
