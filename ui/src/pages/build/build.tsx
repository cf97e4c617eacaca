import { useQuery } from '@tanstack/preact-query';
import { useRoute } from 'preact-iso';
import type { VNode } from 'preact';
import { api, answerOf } from '../../api/client.js';
import { useLive } from '../../api/live.js';
import { mayDeployAnywhere } from '../../api/session.js';
import type { Build } from '../../api/types.js';
import { Log } from '../../log/log.js';
import { refName, shortCommit } from '../../parts/short.js';
import { glyphOf, State, stateOfBuild, toneOf } from '../../parts/state.js';
import { Loaded, useIcon, useTitle } from '../../shell/page.js';
import { Acts } from './acts.js';
import { DeployBuilt } from './deploy-built.js';
import { Failure } from './failure.js';
import { headingsOf } from './headings.js';
import { Neighbours } from './neighbours.js';
import { Origin } from './origin.js';
import { Outcome } from './outcome.js';
import { Steps } from './steps.js';
import '../../parts/work.css';
import './build.css';

/** `/builds/ID`: how it ended, why it failed, its log, its steps, and what led to it. */
export function BuildPage(): VNode {
  const { id = '' } = useRoute().params;
  const key = ['build', id];
  useLive({ types: ['build', 'step', 'queue'], build: id }, [key]);
  const read = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => answerOf(api.GET('/api/v1/builds/{id}', { params: { path: { id } }, signal })),
  });
  return <Loaded read={read}>{(build) => <Whole key={id} build={build} />}</Loaded>;
}

function Whole({ build }: { build: Build }): VNode {
  useTitle(`${glyphOf(stateOfBuild(build))} ${build.service}`);
  useIcon(toneOf(stateOfBuild(build)));
  const isRunning = build.status === 'running' || build.status === 'queued';
  const begin = build.startedAt === null ? null : Date.parse(build.startedAt);
  return (
    <>
      <div class="head">
        <h1>
          <State of={stateOfBuild(build)} />{' '}
          <a href={`/services/${encodeURIComponent(build.service)}`}>{build.service}</a>
          <span class="soft">
            {' '}
            · {refName(build.branch)} · <span class="mono">{shortCommit(build.commit)}</span>
          </span>
        </h1>
        <span class="spring" />
        <Neighbours build={build} />
        <Acts build={build} />
        {build.status === 'succeeded' && mayDeployAnywhere() && <DeployBuilt build={build} />}
      </div>
      <p class="outcome">
        <Outcome build={build} />
      </p>
      {build.error !== null && <Failure build={build} error={build.error} />}
      <Origin build={build} />
      <Steps build={build} />
      <Log
        url={`/api/v1/builds/${encodeURIComponent(build.id)}/log`}
        steps={headingsOf(build)}
        begin={begin}
        isRunning={isRunning}
        failed={build.error?.stepIndex ?? null}
      />
    </>
  );
}
