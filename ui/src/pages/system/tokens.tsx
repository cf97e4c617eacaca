import type { VNode } from 'preact';
import type { System } from '../../api/types.js';
import { Ago } from '../../parts/time.js';

interface TokensProps {
  readonly tokens: NonNullable<System['tokens']>;
  readonly startedAt: string;
}

/** Who may call, and when they last did. */
export function Tokens({ tokens, startedAt }: TokensProps): VNode {
  return (
    <section>
      <h2>Tokens</h2>
      <p class="soft">
        Calls that read are remembered since the server started (<Ago at={startedAt} />
        ). Calls that act are in the audit list.
      </p>
      <div class="scroll" tabIndex={0} role="group" aria-label="Tokens">
        <table>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">May</th>
              <th scope="col">Deploys to</th>
              <th scope="col">Last call</th>
              <th scope="col">Last act</th>
            </tr>
          </thead>
          <tbody>
            {tokens.map(({ name, scopes, environments, lastUsedAt, lastActedAt }) => (
              <tr key={name}>
                <td>{name}</td>
                <td>{scopes.join(', ')}</td>
                <td>{deploysTo(scopes, environments)}</td>
                <td>{lastUsedAt === null ? <span class="soft">not since the start</span> : <Ago at={lastUsedAt} />}</td>
                <td>{lastActedAt === null ? <span class="soft">never</span> : <Ago at={lastActedAt} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function deploysTo(scopes: readonly string[], environments: readonly string[] | null): string {
  if (!scopes.includes('deploy') && !scopes.includes('admin')) return '–';
  return environments === null ? 'all environments' : environments.join(', ');
}
