import { useQuery } from '@tanstack/preact-query';
import { useLocation, useRoute } from 'preact-iso';
import type { VNode } from 'preact';
import { api, answerOf } from '../../api/client.js';
import { useLive } from '../../api/live.js';
import type { Why } from '../../api/types.js';
import { causeOf } from '../../parts/causes.js';
import { refName, shortCommit } from '../../parts/short.js';
import { glyphOf, State } from '../../parts/state.js';
import { Ago } from '../../parts/time.js';
import { Loaded, useTitle } from '../../shell/page.js';
import { Acts } from './acts.js';
import { Facts } from './facts.js';
import { Ladder } from './ladder.js';
import { Others, othersWords } from './others.js';
import { Paths } from './paths.js';
import { SamePush } from './same-push.js';
import { TryPath } from './try-path.js';
import './why.css';

/** `/services/NAME/why/COMMIT`: why the commit was built, or was not. `?decision=` chooses among several. */
export function WhyPage(): VNode {
  const { name = '', sha = '' } = useRoute().params;
  const { branch, decision } = useLocation().query;
  const key = ['why', name, sha, branch ?? null, decision ?? null];
  useLive({ types: ['build', 'delivery'], service: name }, [key]);
  const read = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => {
      const query = {
        ...(branch !== undefined && { branch }),
        ...(decision !== undefined && { decision: Number(decision) }),
      };
      const params = { path: { name, commit: sha }, query };
      return answerOf(api.GET('/api/v1/services/{name}/why/{commit}', { params, signal }));
    },
  });
  return <Loaded read={read}>{(why) => <Whole key={key.join(' ')} why={why} />}</Loaded>;
}

function Whole({ why }: { why: Why }): VNode {
  const { decision, commit, isHead, sentence, others, samePush } = why;
  const { service, branch, trigger } = decision;
  const state = decision.decision === 'skip' ? 'skipped' : 'built';
  useTitle(`${glyphOf(state)} ${service} ${shortCommit(commit)}`);
  return (
    <div class="why">
      <p class="soft line">
        <a href={`/services/${encodeURIComponent(service)}`}>{service}</a>
        <span>{refName(branch)}</span>
        <span class="mono">{shortCommit(commit)}</span>
        <span>
          {causeOf(trigger.kind)}
          {trigger.by !== null && ` by ${trigger.by}`}, <Ago at={decision.at} />
        </span>
        {others.length > 0 && <a href="#others">{othersWords(why)}</a>}
      </p>
      <div class="head">
        <h1>
          {decision.decision === 'skip' && <State of="skipped" />} {sentence}
        </h1>
        <Acts why={why} />
      </div>
      {!isHead && (
        <p class="bar">
          {shortCommit(commit)} was pushed together with later commits. The decision is about the last of them,{' '}
          <span class="mono">{shortCommit(decision.head)}</span>.
        </p>
      )}
      <Paths why={why} />
      <Facts why={why} />
      {others.length > 0 && <Others why={why} />}
      <Ladder rungs={why.ladder} />
      {samePush.length > 0 && <SamePush why={why} />}
      <TryPath service={service} />
    </div>
  );
}
