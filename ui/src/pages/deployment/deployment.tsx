import { useQuery } from '@tanstack/preact-query';
import { useRoute } from 'preact-iso';
import type { VNode } from 'preact';
import { api, answerOf } from '../../api/client.js';
import { useLive } from '../../api/live.js';
import type { Deployment } from '../../api/types.js';
import { Log } from '../../log/log.js';
import { glyphOf, State, toneOf } from '../../parts/state.js';
import { Loaded, useIcon, useTitle } from '../../shell/page.js';
import { Acts } from './acts.js';
import { Differences } from './differences.js';
import { Facts } from './facts.js';
import { Failure } from './failure.js';
import { headingsOf } from './headings.js';
import { Answers, Hosts } from './hosts.js';
import { Neighbours } from './neighbours.js';
import { Notes } from './notes.js';
import { Outcome } from './outcome.js';
import { failedStep } from './phases.js';
import { Steps } from './steps.js';
import '../../parts/work.css';
import './deployment.css';

/** `/deployments/ID`: how it ended or what it waits for, the hosts, what they answered, its steps and its log. */
export function DeploymentPage(): VNode {
  const { id = '' } = useRoute().params;
  const key = ['deployment', id];
  useLive({ types: ['deployment', 'hold', 'configuration'], deployment: id }, [key]);
  const read = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => answerOf(api.GET('/api/v1/deployments/{id}', { params: { path: { id } }, signal })),
  });
  return <Loaded read={read}>{(deployment) => <Whole key={id} deployment={deployment} />}</Loaded>;
}

function Whole({ deployment }: { deployment: Deployment }): VNode {
  const { id, service, environment, status, release, startedAt, finishedAt, error } = deployment;
  useTitle(`${glyphOf(status)} ${service} in ${environment}`);
  useIcon(toneOf(status));
  return (
    <>
      <div class="head">
        <h1 class="of-deployment">
          <State of={status} /> <a href={`/services/${encodeURIComponent(service)}`}>{service}</a>{' '}
          <span class="soft">
            in <a href={`/environments/${encodeURIComponent(environment)}`}>{environment}</a>
            {release !== null && (
              <>
                {' · '}
                <span class="mono">
                  {release.tag !== null && `${release.tag}, `}release {release.number}
                </span>
              </>
            )}
          </span>
        </h1>
        <span class="spring" />
        <Neighbours deployment={deployment} />
        <Acts deployment={deployment} />
      </div>
      <p class="outcome">
        <Outcome deployment={deployment} />
      </p>
      {error !== null && <Failure deployment={deployment} error={error} />}
      <Facts deployment={deployment} />
      <Notes deployment={deployment} />
      <Hosts deployment={deployment} />
      <Answers deployment={deployment} />
      <Differences deployment={deployment} />
      <Steps deployment={deployment} />
      <Log
        url={`/api/v1/deployments/${encodeURIComponent(id)}/log`}
        steps={headingsOf(deployment)}
        begin={startedAt === null ? null : Date.parse(startedAt)}
        isRunning={finishedAt === null}
        failed={failedStep(deployment.steps, error?.host)}
        error={error?.message ?? ''}
      />
    </>
  );
}
