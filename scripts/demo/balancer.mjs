/** The HAProxy in front of the demo's production. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureHaproxy, haproxyIn } from '../parts/haproxy.mjs';
import { freePort } from '../parts.mjs';
import { answering, start } from './processes.mjs';

/** As in docs/deploying.md, with quick checks. The first server is active at first, the others are idle. */
const configuration = ({ admin, states, port, backend, servers, check }) => `\
global
  stats socket ${admin} mode 600 level admin
  server-state-file ${states}
  hard-stop-after 1s
defaults
  mode http
  timeout connect 2s
  timeout client 20s
  timeout server 20s
  load-server-state-from-file global
  option redispatch
  retries 3
frontend http
  bind 127.0.0.1:${port}
  monitor-uri /haproxy-is-up
  default_backend ${backend}
backend ${backend}
  balance roundrobin
  option httpchk GET ${check}
  default-server check inter 200ms fall 2 rise 2
${servers.map(({ name, at }, place) => `  server ${name} ${at}${place === 0 ? '' : ' disabled'}`).join('\n')}
`;

/** Gets the program; fails where it cannot be had. */
export function ensureBalancer(say) {
  try {
    return haproxyIn(ensureHaproxy(say));
  } catch (error) {
    throw new Error(`HAProxy cannot be had: ${error.message}`);
  }
}

/** Starts it below `dir`. `servers` have a `name` and are `at` an address. Resolves with its files and the address that users ask. */
export async function startBalancer({ dir, state, keep, program, backend, servers, check }) {
  const [admin, states, config, log] = ['admin.sock', 'states', 'haproxy.cfg', 'haproxy.log'].map((name) =>
    join(dir, name),
  );
  const port = await freePort();
  writeFileSync(states, '');
  writeFileSync(config, configuration({ admin, states, port, backend, servers, check }));
  const command = ['env', `LD_LIBRARY_PATH=${program.libraries}`, program.file, '-db', '-f', config];
  const running = start(command, log, { outlive: keep });
  state.process(running.pid);
  const url = `http://127.0.0.1:${port}`;
  await answering(`${url}/haproxy-is-up`, running, log);
  return { admin, states, url };
}
