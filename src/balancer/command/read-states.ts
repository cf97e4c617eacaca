import type { BalancedHost } from '../contract.js';

const MAX_QUOTED_CHARACTERS = 200;

/** What the words of a program mean. It vouches for a host that it calls `active`. */
const words: Readonly<Record<string, Pick<BalancedHost, 'state' | 'passedCheck'>>> = {
  active: { state: 'active', passedCheck: true },
  unchecked: { state: 'active', passedCheck: false },
  down: { state: 'down', passedCheck: false },
  drained: { state: 'drained', passedCheck: null },
};

export type ReadStates =
  | { readonly fault: null; readonly hosts: ReadonlyMap<string, BalancedHost> }
  /** The end of a sentence. */
  | { readonly fault: string };

/**
 * Reads lines `HOST STATE [SESSIONS]`. Other hosts than these do not count; one of these that has no line is `unknown`. A line of another form
 * is a fault, and so is a host that has two.
 */
export function readStates(text: string, hosts: readonly string[]): ReadStates {
  const found = new Map<string, BalancedHost>();
  const lines = text.split('\n').map((line) => line.trim());
  for (const line of lines.filter((one) => one !== '')) {
    const [host = '', word = '', sessions = null, ...more] = line.split(/\s+/);
    const meaning = Object.hasOwn(words, word) ? words[word] : undefined;
    const isNumber = sessions === null || /^\d{1,9}$/.test(sessions);
    if (meaning === undefined || !isNumber || more.length > 0)
      return { fault: `not a line of the form HOST STATE [SESSIONS]: ${line.slice(0, MAX_QUOTED_CHARACTERS)}` };
    if (found.has(host)) return { fault: `two lines for the host ${host.slice(0, MAX_QUOTED_CHARACTERS)}` };
    const reason = word === 'down' ? 'the balancer sees it down' : null;
    found.set(host, { ...meaning, sessions: sessions === null ? null : Number(sessions), reason });
  }
  return { fault: null, hosts: new Map(hosts.map((host) => [host, found.get(host) ?? unnamed])) };
}

const unnamed: BalancedHost = {
  state: 'unknown',
  sessions: null,
  passedCheck: null,
  reason: 'the program that observes does not name it',
};
