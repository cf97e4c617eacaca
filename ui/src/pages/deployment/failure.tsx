import type { VNode } from 'preact';
import type { Deployment } from '../../api/types.js';
import { FIRST_ERROR } from '../../log/view.js';
import { failedStep } from './phases.js';

/** A second click leads there, too, although the address is the same. */
const again = () => {
  if (location.hash === FIRST_ERROR) dispatchEvent(new HashChangeEvent('hashchange'));
};

/** Why it failed, with all faults of a run file. */
export function Failure({
  deployment,
  error,
}: {
  deployment: Deployment;
  error: NonNullable<Deployment['error']>;
}): VNode {
  const step = failedStep(deployment.steps, error.host);
  return (
    <div class="panel failure" role="group" aria-label="Failure">
      <p class="bad message">{error.message}</p>
      {error.faults !== undefined && (
        <ul class="notes">
          {error.faults.map(({ file, line, column, message }) => (
            <li key={`${file}:${line}:${column}`}>
              <span class="mono">
                {file}:{line}:{column}
              </span>{' '}
              {message}
            </li>
          ))}
        </ul>
      )}
      <p class="soft">
        {error.code}
        {step !== null && (
          <>
            {' · '}
            <a href={FIRST_ERROR} onClick={again}>
              its log ↓
            </a>
          </>
        )}
      </p>
    </div>
  );
}
