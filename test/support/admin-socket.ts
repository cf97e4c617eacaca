import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';

/** What a scripted admin socket does with a line. Null: it keeps silent. */
export type Script = (line: string, socket: Socket) => string | null;

export interface ScriptedSocket {
  readonly lines: readonly string[];
  close(): Promise<void>;
}

/** Listens as HAProxy does: a line comes in, text goes out, the connection ends. */
export async function scriptedSocket(path: string, script: Script): Promise<ScriptedSocket> {
  const lines: string[] = [];
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => undefined);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
      if (!text.endsWith('\n')) return;
      lines.push(text.trimEnd());
      const answer = script(text.trimEnd(), socket);
      if (answer !== null && !socket.destroyed) socket.end(answer);
    });
  });
  server.listen(path);
  await once(server, 'listening');
  return {
    lines,
    async close() {
      server.close();
      for (const socket of open) socket.destroy();
      await rm(path, { force: true });
    },
  };
}

const stateHeader = '# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight';

/** Two servers of `bk_web` as HAProxy shows them: `web-a` is active, `web-b` drained. Checks are off. */
export const twoServers = `1
${stateHeader} srv_check_result srv_check_health srv_check_state
3 bk_web 1 web-a 127.0.0.1 2 0 1 0 0 0
3 bk_web 2 web-b 127.0.0.1 2 8 1 0 0 0

# pxname,svname,qcur,scur,check_rise,check_fall
bk_web,web-a,0,2,,
bk_web,web-b,0,0,,

`;
