import { useRoute } from 'preact-iso';
import type { VNode } from 'preact';
import { useLive } from '../../api/live.js';
import { isLoggedIn } from '../../api/session.js';
import { History, type Present } from '../../environments/history.js';
import {
  environmentKey,
  historyKey,
  matrixKey,
  useEnvironment,
  useHistory,
  useMatrix,
} from '../../environments/queries.js';
import type { Environment } from '../../environments/types.js';
import { Loaded, useTitle } from '../../shell/page.js';
import { cellsOf } from '../../environments/cell.js';
import { Containers } from './containers.js';
import { Failures } from './failures.js';
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
  const types = ['deployment', 'observation', 'hold', 'configuration', 'build'];
  useLive({ types, environment: name }, [environmentKey(name), historyKey(name), ['containers', name], matrixKey]);
  return <Loaded read={useEnvironment(name)}>{(environment) => <Whole key={name} environment={environment} />}</Loaded>;
}

function Whole({ environment }: { environment: Environment }): VNode {
  const { name, strategy } = environment;
  const known = useMatrix().data;
  const cells = cellsOf(known, name);
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
      <p class="sentence-first">{sentenceOf(environment, known && [...cells.values()])}</p>
      <Failures cells={cells} />
      <div class="stack">
        <Services environment={environment} cells={cells} />
        <Pending environment={environment} />
        <Hosts environment={environment} />
        {isLoggedIn.value && <Output environment={environment} />}
        <Past environment={environment} />
        {isLoggedIn.value && <Containers environment={environment} />}
      </div>
    </>
  );
}

const HISTORY = 25;

function Past({ environment: { name, services } }: { environment: Environment }): VNode {
  const presentOf = (service: string): Present | null => {
    const one = services.find((its) => its.service === service);
    return one === undefined || one.desired === null
      ? null
      : { release: one.desired.release, isStopped: one.scale.wanted === 0 };
  };
  return (
    <section aria-labelledby="history-title">
      <h2 id="history-title">History</h2>
      <Loaded read={useHistory(name, HISTORY)} rows={4}>
        {({ deployments }) => (
          <History deployments={deployments} label={`History of ${name}`} withService={true} presentOf={presentOf} />
        )}
      </Loaded>
    </section>
  );
}
