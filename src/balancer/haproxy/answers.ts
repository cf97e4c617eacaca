/**
 * Reads what HAProxy (2.4 and later) answers on its admin socket: text, an empty line after each command's answer. Everything here is pure.
 * Columns are found by their names: versions add some.
 */
import type { BalancedHost } from '../contract.js';
import { numberAt, tableOf, type Row } from './tables.js';

/** `garbage`: it may be better the next time. `refusal`: in HAProxy's words. */
export type Answer<T> =
  { readonly kind: 'ok'; readonly value: T } | { readonly kind: 'refusal' | 'garbage'; readonly words: string };

/** A server, as one HAProxy sees it. */
export interface ServerState extends BalancedHost {
  readonly state: 'active' | 'drained' | 'down';
}

/** Bits of `srv_admin_state` that take a server out: maintenance (forced, inherited, by a name that is not resolved) and drain. */
const TAKEN_OUT_BITS = 1 | 2 | 8 | 16 | 32;
/** `srv_op_state`, and its value while a server that was down gets its share bit by bit. */
const OP_STARTING = 1;
const OP_RUNNING = 2;
const OP_STOPPING = 3;
/** `srv_check_result`; the second: by a check that found the server about to stop. */
const CHECK_PASSED = 3;
const CHECK_PASSED_CONDITIONALLY = 4;
/** Bit of `srv_check_state`. */
const CHECK_CONFIGURED_BIT = 2;

const ok = <T>(value: T): Answer<T> => ({ kind: 'ok', value });
const garbage = (text: string): Answer<never> => ({
  kind: 'garbage',
  words: `not an answer of HAProxy: ${text.trim().slice(0, 200)}`,
});

/** HAProxy's own words when it cannot or will not do something. They are its sources' (2.4 to 3.0). */
const refusals = /^(?:No such |Can't find |Permission denied|Unknown command|Require |Invalid |'.*' expects )/;

function refusalOrGarbage(text: string): Answer<never> {
  const words = text.trim();
  return refusals.test(words) ? { kind: 'refusal', words } : garbage(text);
}

/** An empty line ends every answer, even an empty one. Null: HAProxy said all it had to say. */
export function breakOf(text: string): Answer<never> | null {
  if (text === '\n' || text.endsWith('\n\n')) return null;
  return {
    kind: 'garbage',
    words: text === '' ? 'it hung up without an answer' : 'it hung up in the middle of its answer',
  };
}

/** Reads the answer to a change, which is empty if it happened. */
export function readChange(text: string): Answer<null> {
  const broken = breakOf(text);
  if (broken !== null) return broken;
  const words = text.trim();
  if (words === '') return ok(null);
  // Whatever it says, it did not do it.
  return /^[\x20-\x7e\s]*$/.test(words) ? { kind: 'refusal', words } : garbage(text);
}

const stateColumns = ['be_name', 'srv_name', 'srv_op_state', 'srv_admin_state', 'srv_uweight'];
const checkColumns = ['srv_check_result', 'srv_check_health', 'srv_check_state'];

/** Reads the answer to `show servers state`, of one backend or of all: the rows, in the first version of their format. */
export function readStateTable(text: string): Answer<readonly Row[]> {
  if (!/^1\n/.test(text)) return refusalOrGarbage(text);
  const rows = tableOf(text.slice(2), ' ', [...stateColumns, ...checkColumns]);
  return rows === null || !rows.every(hasNumbers) ? garbage(text) : ok(rows);
}

const hasNumbers = (row: Row): boolean =>
  [...stateColumns.slice(2), ...checkColumns].every((column) => !Number.isNaN(numberAt(row, column)));

/** Reads the answer to `show servers state BACKEND; show stat BACKEND 4 -1`: its servers by name. */
export function readServers(text: string, backend: string): Answer<ReadonlyMap<string, ServerState>> {
  const broken = breakOf(text);
  if (broken !== null) return broken;
  const [state = ''] = text.split('\n\n', 1);
  const statistics = text.slice(state.length + 2).trimEnd();
  const rows = readStateTable(state);
  if (rows.kind !== 'ok') return rows;
  const stats = tableOf(statistics, ',', ['pxname', 'svname', 'scur', 'qcur']);
  if (stats === null) return refusalOrGarbage(statistics);
  const byName = new Map(stats.filter((row) => row.get('pxname') === backend).map((row) => [row.get('svname'), row]));
  const servers = rows.value
    .filter((row) => row.get('be_name') === backend)
    .map((row) => [row.get('srv_name') ?? '', serverOf(row, byName.get(row.get('srv_name')))] as const);
  return ok(new Map(servers));
}

function serverOf(row: Row, stats: Row | undefined): ServerState {
  const op = numberAt(row, 'srv_op_state');
  const sessions = stats === undefined ? NaN : numberAt(stats, 'scur') + (numberAt(stats, 'qcur') || 0);
  const common = { sessions: Number.isNaN(sessions) ? null : sessions, passedCheck: passedCheckOf(row, stats) };
  if ((numberAt(row, 'srv_admin_state') & TAKEN_OUT_BITS) !== 0) return { state: 'drained', reason: null, ...common };
  if (op === OP_STOPPING) return { state: 'down', reason: 'its check says that it is about to stop', ...common };
  if (op !== OP_RUNNING && op !== OP_STARTING) return { state: 'down', reason: reasonOf(stats), ...common };
  if (numberAt(row, 'srv_uweight') === 0) return { state: 'down', reason: 'its weight is 0', ...common };
  return { state: 'active', reason: null, ...common };
}

function reasonOf(stats: Row | undefined): string {
  const [status, description] = [stats?.get('check_status') ?? '', stats?.get('last_chk') ?? ''];
  const check = [status, description].filter((word) => word !== '').join(', ');
  return check === '' ? 'HAProxy sees it down' : `HAProxy sees it down (${check})`;
}

/**
 * A server that comes out of maintenance is up before its next check, and still has the result of its last one. But its health is then the
 * lowest of those that are up (`rise`), and a passed check raises it. With `fall 1` there is nothing to raise, and the last result counts.
 */
function passedCheckOf(row: Row, stats: Row | undefined): boolean | null {
  const checks = numberAt(row, 'srv_check_state');
  if ((checks & CHECK_CONFIGURED_BIT) === 0) return null;
  const result = numberAt(row, 'srv_check_result');
  if (result !== CHECK_PASSED && result !== CHECK_PASSED_CONDITIONALLY) return false;
  const [rise, fall] =
    stats === undefined ? [NaN, NaN] : [numberAt(stats, 'check_rise'), numberAt(stats, 'check_fall')];
  const health = numberAt(row, 'srv_check_health');
  return health > rise || (fall === 1 && health === rise);
}
