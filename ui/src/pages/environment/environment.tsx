import { useRoute } from 'preact-iso';
import type { VNode } from 'preact';
import { useLive } from '../../api/live.js';
import { isLoggedIn } from '../../api/session.js';
import { History } from '../../environments/history.js';
import { environmentKey, historyKey, useEnvironment, useHistory } from '../../environments/queries.js';
import type { Environment } from '../../environments/types.js';
import { Loaded, useTitle } from '../../shell/page.js';
import { Containers } from './containers.js';
import { Hold } from './hold.js';
import { Hosts } from './hosts.js';
import { Output } from './output.js';
import { Pending } from './pending.js';
import { sentenceOf } from './sentence.js';
import { Services } from './services.js';
import '../../environments/environments.css';
import './environment.css';

/** `/environments/NAME`: its hosts, what should run and what does, what waits, its history, and what may be done. */
export function EnvironmentPage(): VNode {
  const { name = '' } = useRoute().params;
  useTitle(name);
  const types = ['deployment', 'observation', 'hold', 'configuration'];
  useLive({ types, environment: name }, [environmentKey(name), historyKey(name), ['containers', name]]);
  return <Loaded read={useEnvironment(name)}>{(environment) => <Whole key={name} environment={environment} />}</Loaded>;
}

function Whole({ environment }: { environment: Environment }): VNode {
  const { name, strategy } = environment;
  return (
    <>
      <div class="head">
        <h1>
          <a href="/environments">Environments</a> <span class="soft">/</span> {name}
        </h1>
        <span class="soft">
          {strategy}
          {environment.approvals > 0 && `, ${environment.approvals} to approve`}
        </span>
        <span class="spring" />
        <Hold environment={environment} />
      </div>
      <p class="sentence-first">{sentenceOf(environment)}</p>
      <div class="stack">
        <Services environment={environment} />
        <Pending environment={environment} />
        <Hosts environment={environment} />
        {isLoggedIn.value && <Output environment={environment} />}
        <Past name={name} />
        {isLoggedIn.value && <Containers environment={environment} />}
      </div>
    </>
  );
}

const HISTORY = 25;

function Past({ name }: { name: string }): VNode {
  return (
    <section aria-labelledby="history-title">
      <h2 id="history-title">History</h2>
      <Loaded read={useHistory(name, HISTORY)} rows={4}>
        {({ deployments }) => (
          <History deployments={deployments} label={`History of ${name}`} withService={true} present={null} />
        )}
      </Loaded>
    </section>
  );
}
