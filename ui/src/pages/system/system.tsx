import { useQuery } from '@tanstack/preact-query';
import type { VNode } from 'preact';
import { answerOf, api } from '../../api/client.js';
import { useLive } from '../../api/live.js';
import { mayAdminister } from '../../api/session.js';
import type { System } from '../../api/types.js';
import { Loaded, useTitle } from '../../shell/page.js';
import { Audit } from './audit.js';
import { Checks } from './checks.js';
import { Facts } from './facts.js';
import { sentenceOf } from './sentences.js';
import { Tokens } from './tokens.js';
import { Work } from './work.js';
import { Webhooks } from './webhooks.js';
import './system.css';

const systemKey = ['system'] as const;

/** `/system`: what Slipway depends on, each with what to do; what waits; webhooks; tokens; versions. */
export function SystemPage(): VNode {
  useTitle('System');
  useLive({ types: ['queue', 'delivery', 'observation', 'configuration'] }, [systemKey]);
  const read = useQuery({
    queryKey: systemKey,
    queryFn: ({ signal }) => answerOf(api.GET('/api/v1/system', { signal })),
    // A page that is opened shows how it is now.
    staleTime: 0,
  });
  const again = () => void read.refetch();
  return <Loaded read={read}>{(system) => <Whole system={system} again={again} isAsking={read.isFetching} />}</Loaded>;
}

interface WholeProps {
  readonly system: System;
  readonly again: () => void;
  readonly isAsking: boolean;
}

function Whole({ system, again, isAsking }: WholeProps): VNode {
  return (
    <div class="system-page">
      <div class="head">
        <h1>System</h1>
        <span class="spring" />
        <button type="button" disabled={isAsking} onClick={again}>
          Check again
        </button>
      </div>
      <p class="says" role="status">
        {sentenceOf(system.checks)}
      </p>
      <Checks checks={system.checks} />
      <Work system={system} />
      <Webhooks webhooks={system.webhooks} />
      {system.tokens !== null && <Tokens tokens={system.tokens} startedAt={system.startedAt} />}
      {mayAdminister.value && <Audit />}
      <Facts system={system} />
    </div>
  );
}
