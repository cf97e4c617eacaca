import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import type { Why } from '../../api/types.js';
import { counted } from '../../parts/short.js';
import { Standing } from './standing.js';

/** Rows before the button that shows the others. */
const FIRST_ROWS = 12;

/** The paths that changed, with the pattern that caught each and where the configuration has it. */
export function Paths({ why: { paths, compared, asDecided } }: { why: Why }): VNode | null {
  const showsAll = useSignal(false);
  if (compared === null || paths.length === 0) return null;
  const hasSettings = paths.some(({ setting }) => setting !== null);
  const left = compared.paths - paths.length;
  const shown = showsAll.value ? paths : paths.slice(0, FIRST_ROWS);
  return (
    <section class="paths" aria-labelledby="paths">
      <h2 id="paths">{counted(compared.paths, 'changed path')}</h2>
      {!asDecided && (
        <p class="warn">
          △ The configuration has changed since. This is how it sorts the paths now, not how it did for the decision.
        </p>
      )}
      <div class="scroll" tabIndex={0} role="group" aria-label="Changed paths">
        <table aria-labelledby="paths">
          <thead>
            <tr>
              <th scope="col">Path</th>
              <th scope="col">Counts</th>
              {hasSettings && <th scope="col">Setting</th>}
            </tr>
          </thead>
          <tbody>
            {shown.map((path) => (
              <tr key={path.path}>
                <td class="mono path">{path.path}</td>
                <td>
                  <Standing path={path} />
                </td>
                {hasSettings && <td class="mono soft">{path.setting ?? '–'}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {shown.length < paths.length && (
        <p>
          <button type="button" onClick={() => (showsAll.value = true)}>
            Show {counted(paths.length - shown.length, 'more path')}
          </button>
        </p>
      )}
      {left > 0 && shown.length === paths.length && <p class="soft">And {counted(left, 'more path')}, not listed.</p>}
    </section>
  );
}
