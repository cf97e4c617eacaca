import { useQuery } from '@tanstack/preact-query';
import type { VNode } from 'preact';
import { ask } from '../../api/client.js';
import type { Build } from '../../api/types.js';

/** Lines shown around the one that failed. */
const AROUND = 2;

/** Why it failed, with the lines of the Dockerfile that did. */
export function Failure({ build, error }: { build: Build; error: NonNullable<Build['error']> }): VNode {
  const place = error.stepIndex === null ? null : (build.steps[error.stepIndex]?.dockerfile ?? null);
  const text = useQuery({
    queryKey: ['dockerfile', build.id],
    queryFn: async ({ signal }) =>
      (await ask(`/api/v1/builds/${encodeURIComponent(build.id)}/dockerfile`, { signal })).text(),
    enabled: place !== null,
  });
  return (
    <div class="panel failure" role="group" aria-label="Failure">
      <p class="bad message">{error.message}</p>
      {place !== null && text.data !== undefined && (
        <>
          <p class="soft">
            {build.dockerfile?.path}:{place.from}
            {build.dockerfile?.source === 'central' && ' of the central dockerfiles'}
          </p>
          <pre class="dockerfile" tabIndex={0} aria-label="Lines of the Dockerfile">
            {linesAround(text.data, place).map(({ number, line, isIt }) => (
              <div key={number} class={isIt ? 'it' : ''} data-number={number}>
                {line}
              </div>
            ))}
          </pre>
        </>
      )}
      <p class="soft">
        {error.code}
        {error.stepIndex !== null && (
          <>
            {' · '}
            <a href={`#step-${error.stepIndex}`}>its log ↓</a>
          </>
        )}
      </p>
    </div>
  );
}

interface Place {
  readonly from: number;
  readonly to: number;
}

function linesAround(text: string, { from, to }: Place): { number: number; line: string; isIt: boolean }[] {
  const lines = text.split('\n');
  const first = Math.max(1, from - AROUND);
  return lines.slice(first - 1, to + AROUND).map((line, index) => {
    const number = first + index;
    return { number, line, isIt: number >= from && number <= to };
  });
}
