import type { KyselyPlugin, QueryId, RootOperationNode } from 'kysely';
import type { OpenedDatabase } from './dialect.js';
import type { Schema } from './schema.js';

type Table = keyof Schema;

/** A statement that writes. */
interface Write {
  readonly table: string | null;
  readonly removes: boolean;
}

/** Counts what this process writes. No other process writes the same database. */
export interface Changes {
  /** How often rows of one of the tables were written. */
  of(tables: readonly Table[]): number;
  /** How often rows of one of the tables were removed. */
  removals(tables: readonly Table[]): number;
}

/**
 * The same database, with its writes counted. A statement is counted once it has run, in a transaction before that ends. Who asks for the
 * count and then reads gets what was written until then, because a reading waits for the transaction.
 */
export function countChanges(opened: OpenedDatabase): { readonly opened: OpenedDatabase; readonly changes: Changes } {
  const written = new Map<string, number>();
  const removed = new Map<string, number>();
  const plugin = createPlugin(({ table, removes }) => {
    if (table === null) return;
    written.set(table, (written.get(table) ?? 0) + 1);
    if (removes) removed.set(table, (removed.get(table) ?? 0) + 1);
  });
  const sum = (counts: ReadonlyMap<string, number>, tables: readonly Table[]) =>
    tables.reduce((total, table) => total + (counts.get(table) ?? 0), 0);
  return {
    opened: {
      ...opened,
      db: opened.db.withPlugin(plugin),
      withoutWaiting: (work) => opened.withoutWaiting((trx) => work(trx.withPlugin(plugin))),
    },
    changes: { of: (tables) => sum(written, tables), removals: (tables) => sum(removed, tables) },
  };
}

function createPlugin(onWrite: (write: Write) => void): KyselyPlugin {
  const writes = new WeakMap<QueryId, Write>();
  return {
    transformQuery({ node, queryId }) {
      const write = writeOf(node);
      if (write !== null) writes.set(queryId, write);
      return node;
    },
    async transformResult({ result, queryId }) {
      const write = writes.get(queryId);
      const hasChanged = (result.numAffectedRows ?? 0n) > 0n || result.rows.length > 0;
      if (write !== undefined && hasChanged) onWrite(write);
      return result;
    },
  };
}

/** Null for a statement that only reads. Statements of raw SQL all do. */
function writeOf(node: RootOperationNode): Write | null {
  if (node.kind === 'InsertQueryNode') return { table: tableOf(node.into), removes: false };
  if (node.kind === 'UpdateQueryNode') return { table: tableOf(node.table), removes: false };
  if (node.kind === 'DeleteQueryNode') return { table: tableOf(node.from.froms[0]), removes: true };
  return null;
}

function tableOf(node: object | undefined): string | null {
  return node !== undefined && 'table' in node ? identifierOf(node.table) : null;
}

const identifierOf = (table: unknown): string | null =>
  (table as { readonly identifier?: { readonly name?: string } } | undefined)?.identifier?.name ?? null;
