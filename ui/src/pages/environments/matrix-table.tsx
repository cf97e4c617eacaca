import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { DeployButton } from '../../deploy/deploy-dialog.js';
import { WindowWords } from '../../environments/gates.js';
import type { MatrixEnvironment, MatrixRow } from '../../environments/types.js';
import { useRowKeys } from '../../parts/row-keys.js';
import { counted } from '../../parts/short.js';
import '../../parts/cards.css';
import { Cell, HostCells } from './cell.js';

interface MatrixTableProps {
  readonly rows: readonly MatrixRow[];
  readonly environments: readonly MatrixEnvironment[];
  /** Environments whose hosts have columns of their own. */
  readonly open: ReadonlySet<string>;
  readonly toggle: (environment: string) => void;
  /** How the two environments that are compared differ. Null: none are. */
  readonly differences: ((row: MatrixRow) => string | null) | null;
  /** The one that the differences are to be deployed to. */
  readonly target: string;
}

/** Services in rows, environments in columns, in the order of promotion. */
export function MatrixTable({ rows, environments, open, toggle, differences, target }: MatrixTableProps): VNode {
  const body = useRef<HTMLTableSectionElement>(null);
  useRowKeys(body);
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Services by environment">
      <table class="matrix cards">
        <thead>
          <tr>
            <th scope="col">Service</th>
            {environments.map((one) => (
              <Column key={one.name} one={one} isOpen={open.has(one.name)} toggle={toggle} />
            ))}
            {differences !== null && <th scope="col">Between</th>}
          </tr>
        </thead>
        <tbody ref={body}>
          {rows.map((row) => (
            <tr key={row.service}>
              <th scope="row">
                <a href={`/services/${encodeURIComponent(row.service)}`}>{row.service}</a>
              </th>
              {environments.map(({ name, hosts }) => {
                const cell = row.cells.find(({ environment }) => environment === name) ?? null;
                if (!open.has(name)) return <Cell key={name} service={row.service} environment={name} cell={cell} />;
                return (
                  <HostCells key={name} service={row.service} cell={cell} hosts={hosts.map((host) => host.name)} />
                );
              })}
              {differences !== null && (
                <td>
                  {differences(row)}{' '}
                  <DeployButton service={row.service} environment={target} label={`deploy to ${target}…`} />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface ColumnProps {
  readonly one: MatrixEnvironment;
  readonly isOpen: boolean;
  readonly toggle: (environment: string) => void;
}

function Column({ one: { name, hosts, hold, window }, isOpen, toggle }: ColumnProps): VNode {
  const heading = (
    <>
      <a href={`/environments/${name}`}>{name}</a>{' '}
      <button type="button" class="quiet" aria-expanded={isOpen} onClick={() => toggle(name)}>
        <span class="hidden">{name}: </span>
        {counted(hosts.length, 'host')} <span aria-hidden="true">{isOpen ? '◂' : '▸'}</span>
      </button>
      {hold !== null && <div class="warn">frozen</div>}
      {hold === null && window !== null && (
        <div class="soft">
          <WindowWords window={window} />
        </div>
      )}
    </>
  );
  if (!isOpen) return <th scope="col">{heading}</th>;
  return (
    <>
      {hosts.map((host, index) => (
        <th key={host.name} scope="col" class={index === 0 ? 'first-host' : 'host'}>
          {index === 0 && heading}
          <div>{host.name}</div>
        </th>
      ))}
    </>
  );
}
