import type { Balancer } from '../../src/balancer/contract.js';
import { createHaproxy, type HaproxyOptions } from '../../src/balancer/haproxy/haproxy.js';
import type { HaproxySettings } from '../../src/model/environment.js';
import { createLog } from '../../src/server/create-log.js';
import { systemClock } from '../../src/system-clock.js';
import { createTurns } from '../../src/turns.js';

/** A balancer at these admin sockets, of the hosts `a` and `b` with the servers `web-a` and `web-b` of `bk_SERVICE`. */
export const openHaproxy = (
  sockets: readonly string[],
  settings: Partial<HaproxySettings> = {},
  options: Partial<HaproxyOptions> = {},
): Balancer =>
  createHaproxy({
    settings: {
      kind: 'haproxy',
      sockets,
      stateFile: null,
      backend: 'bk_{service}',
      servers: new Map([
        ['a', '{service}-a'],
        ['b', '{service}-b'],
      ]),
      address: null,
      ...settings,
    },
    tunnels: '/nonexistent',
    sshConfig: null,
    inTurn: createTurns(),
    clock: systemClock,
    log: createLog('silent'),
    ...options,
  });
