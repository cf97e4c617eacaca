import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCommandBalancer } from '../../../src/balancer/command/command.js';
import { createTurns } from '../../../src/turns.js';
import { balancerContract } from '../../contracts/balancer.js';
import { startHaproxy } from '../../support/haproxy.js';
import { openHaproxy } from '../../support/open-haproxy.js';

balancerContract('HAProxy', async () => {
  const haproxy = await startHaproxy();
  const balancer = openHaproxy([haproxy.socket], { stateFile: haproxy.stateFile });
  return {
    balancer,
    service: 'web',
    unknownService: 'other',
    goAway: () => haproxy.hideSocket(),
    comeBack: () => haproxy.showSocket(),
    fall: async (host) => haproxy.setDown(host === 'a' ? 'web-a' : 'web-b', true),
    rise: async (host) => haproxy.setDown(host === 'a' ? 'web-a' : 'web-b', false),
    async close() {
      await balancer.close();
      await haproxy.close();
    },
  };
});

/** As an operator might write it: a file with the state of each host, in a folder for each service. */
const program = `#!/bin/sh
cd "$(dirname "$0")/services/$2" || exit 2
case $1 in
  status) for host in *; do
    read -r state < "$host"
    [ "$state" = active ] && [ -e "../../down-$host" ] && state=down
    echo "$host $state 0"
  done ;;
  on) echo active > "$3" ;;
  off) echo drained > "$3" ;;
esac
`;

balancerContract('a program', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-lb-'));
  const [lb, hidden, services] = [join(folder, 'lb'), join(folder, 'hidden'), join(folder, 'services/web')];
  await mkdir(services, { recursive: true });
  await writeFile(join(services, 'a'), 'active\n');
  await writeFile(join(services, 'b'), 'drained\n');
  await writeFile(lb, program, { mode: 0o755 });
  const words = (what: string, ...more: readonly string[]) => [lb, what, '{service}', ...more];
  return {
    balancer: createCommandBalancer({
      settings: {
        kind: 'command',
        observe: words('status'),
        enable: words('on', '{host}'),
        drain: words('off', '{host}'),
        address: null,
      },
      hosts: ['a', 'b'],
      mask: (text) => text,
      inTurn: createTurns(),
    }),
    service: 'web',
    unknownService: 'other',
    goAway: () => rename(lb, hidden),
    comeBack: () => rename(hidden, lb),
    fall: (host) => writeFile(join(folder, `down-${host}`), ''),
    rise: (host) => rm(join(folder, `down-${host}`)),
    close: () => rm(folder, { recursive: true, force: true }),
  };
});
