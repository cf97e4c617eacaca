/** Hosts behind a real HAProxy, and users who ask it. */
import { setTimeout as pause } from 'node:timers/promises';
import { startAdminProxy, type AdminProxy } from './admin-proxy.js';
import { hostAddress } from './host-engines.js';
import { openHostsStage, shortTimeouts, type HostsStage } from './hosts-stage.js';
import { startPlainHaproxy, type PlainHaproxy } from './haproxy.js';

export interface SwitchStage {
  readonly stage: HostsStage;
  readonly haproxy: PlainHaproxy;
  /** What Slipway has for HAProxy's admin socket. */
  readonly admin: AdminProxy;
  /** Administrative states by host, as HAProxy says them: `ready` or not. */
  active(): Promise<readonly string[]>;
  close(): Promise<void>;
}

interface Given {
  readonly hosts?: number;
  /** Names of the hosts that are in maintenance at first. */
  readonly idle?: readonly string[];
  readonly production?: object;
  /** Slipway runs in a process of its own. */
  readonly starts?: boolean;
}

export const switchTimeouts = { ...shortTimeouts, drain: '500ms', drainMax: '3s', soak: '500ms' };

const nameOf = (at: number): string => String.fromCharCode('a'.charCodeAt(0) + at);

/** Environment `production` with the strategy blue-green, in front of port 8080 of each host. */
export async function openSwitchStage(given: Given = {}): Promise<SwitchStage> {
  const { hosts = 2, idle = ['b'], production = {}, starts = true } = given;
  const names = [...Array(hosts).keys()].map(nameOf);
  const servers = names.map((name, at) => ({
    ...{ name: `web-${name}`, at: `${hostAddress(at + 1)}:8080` },
    disabled: idle.includes(name),
  }));
  const haproxy = await startPlainHaproxy(servers, { backend: 'bk_shop', check: '/word' });
  const admin = await startAdminProxy(haproxy.socket);
  const closeBoth = async (): Promise<void> => {
    await admin.close();
    await haproxy.close();
  };
  try {
    const stage = await openHostsStage({
      ...{ hosts, starts },
      environments: () => ({
        production: {
          ...{ strategy: 'blue-green', timeouts: switchTimeouts },
          balancer: {
            haproxy: {
              ...{ sockets: [admin.address], stateFile: haproxy.stateFile, backend: 'bk_{service}' },
              servers: Object.fromEntries(names.map((name) => [name, `web-${name}`])),
            },
            address: `http://127.0.0.1:${haproxy.port}`,
          },
          ...production,
        },
      }),
    });
    const active = async (): Promise<readonly string[]> => {
      const lines = (await haproxy.ask('show servers state bk_shop')).split('\n').filter((line) => / web-/.test(line));
      const words = lines.map((line) => line.split(' '));
      // srv_name and srv_admin_state; bit 4 stays set after a reload.
      return words
        .filter(([, , , , , , admin]) => (Number(admin) & ~4) === 0)
        .map(([, , , name = '']) => name.slice(4));
    };
    return {
      ...{ stage, haproxy, admin, active },
      async close() {
        await stage.close();
        await closeBoth();
      },
    };
  } catch (error) {
    await closeBoth();
    throw error;
  }
}

/** What users got. */
export interface Answers {
  readonly words: ReadonlySet<string>;
  readonly asked: number;
  /** Each request that got no answer with status 200, with when it was sent. */
  readonly failed: readonly string[];
}

/**
 * As many as busybox's httpd lets wait: more at once, on a machine that is slow for a moment, would measure the machine. `USERS_AT_ONCE` says
 * otherwise; with a large number nobody waits for the answer to another.
 */
const usersAtOnce = Number(process.env['USERS_AT_ONCE'] ?? 8);
const MAX_CROWD = 4;

/** Asks a number of times a second, each on a connection of its own, until it is ended. No more than `atOnce` wait for an answer at a time. */
export function keepAsking(url: string, perSecond: number, atOnce = usersAtOnce): { end(): Promise<Answers> } {
  const over = new AbortController();
  const words = new Set<string>();
  const failed: string[] = [];
  const open = new Set<Promise<void>>();
  let asked = 0;
  const ask = async (): Promise<void> => {
    const at = new Date().toISOString();
    try {
      const response = await fetch(url, { headers: { connection: 'close' }, signal: AbortSignal.timeout(10_000) });
      const text = (await response.text()).trim();
      if (response.ok) words.add(text);
      else failed.push(`${at} ${response.status}`);
    } catch (error) {
      failed.push(`${at} ${String((error as Error).cause ?? error)}`);
    }
  };
  const isDue = (began: number): boolean => asked < ((performance.now() - began) * perSecond) / 1000;
  const asking = (async () => {
    for (const began = performance.now(); !over.signal.aborted;) {
      // What is late is made up for, and no crowd comes at one moment.
      for (let sent = 0; sent < MAX_CROWD && open.size < atOnce && isDue(began); sent += 1) {
        asked += 1;
        const one: Promise<void> = ask().finally(() => open.delete(one));
        open.add(one);
      }
      await pause(1000 / perSecond);
    }
  })();
  return {
    async end() {
      over.abort();
      await asking;
      await Promise.all(open);
      return { words, asked, failed };
    },
  };
}

/** `USERS_PER_SECOND` says otherwise. */
export const usersPerSecond = (usual: number): number => Number(process.env['USERS_PER_SECOND'] ?? usual);
