import { useQuery } from '@tanstack/preact-query';
import type { VNode } from 'preact';
import { api, answerOf } from '../../api/client.js';
import type { Build } from '../../api/types.js';
import { refName, shortCommit } from '../../parts/short.js';
import { glyphOf, stateOfBuild, wordOf } from '../../parts/state.js';
import { duration } from '../../parts/time.js';
import { Loaded } from '../../shell/page.js';
import { BAR_HEIGHT, heightsOf, medianMs, tookMs } from './bars.js';

const SHOWN = 30;
const BAR_WIDTH = 12;
const MARK_HEIGHT = 12;

/** The last builds as bars: how long each took, and how it ended. */
export function Builds({ name }: { name: string }): VNode {
  const read = useQuery({
    queryKey: ['service', name, 'builds'],
    queryFn: ({ signal }) =>
      answerOf(api.GET('/api/v1/builds', { params: { query: { service: name, limit: SHOWN } }, signal })),
  });
  return (
    <section aria-labelledby="builds-title">
      <div class="line">
        <h2 id="builds-title">Builds</h2>
        <Median builds={read.data?.builds ?? []} />
        <a href={`/builds?service=${encodeURIComponent(name)}`}>all builds</a>
      </div>
      <Loaded read={read} rows={1}>
        {({ builds }) =>
          builds.length === 0 ? <p class="soft">None yet.</p> : <Bars builds={[...builds].reverse()} />
        }
      </Loaded>
    </section>
  );
}

function Median({ builds }: { builds: readonly Build[] }): VNode | null {
  const median = medianMs(builds);
  return median === null ? null : <span class="soft tabular">{duration(median)} median</span>;
}

/** Oldest first. Each bar leads to its build. */
function Bars({ builds }: { builds: readonly Build[] }): VNode {
  const heights = heightsOf(builds);
  return (
    <ol class="bars" aria-label="Last builds, oldest first">
      {builds.map((build, index) => {
        const state = stateOfBuild(build);
        const words = saidOf(build);
        return (
          <li key={build.id}>
            <a href={`/builds/${encodeURIComponent(build.id)}`} title={words} aria-label={words}>
              <Bar height={heights[index] ?? 0} state={state} />
            </a>
          </li>
        );
      })}
    </ol>
  );
}

function Bar({ height, state }: { height: number; state: ReturnType<typeof stateOfBuild> }): VNode {
  const y = MARK_HEIGHT + BAR_HEIGHT - height;
  const tone = tones[state] ?? 'idle';
  return (
    <svg viewBox={`0 0 ${BAR_WIDTH} ${MARK_HEIGHT + BAR_HEIGHT}`} aria-hidden="true" class={tone}>
      <rect x="2" y={y} width={BAR_WIDTH - 4} height={height} />
      {tone !== 'ok' && (
        <text x={BAR_WIDTH / 2} y={y - 3} text-anchor="middle">
          {glyphOf(state)}
        </text>
      )}
    </svg>
  );
}

const tones: Readonly<Record<string, string>> = { built: 'ok', reused: 'ok', failed: 'bad', running: 'run' };

function saidOf(build: Build): string {
  const took = tookMs(build);
  const time = took === null ? '' : `, ${duration(took)}`;
  return `${refName(build.branch)} ${shortCommit(build.commit)}: ${wordOf(stateOfBuild(build))}${time}`;
}
