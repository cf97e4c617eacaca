import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useLive } from '../../api/live.js';
import { isLoggedIn } from '../../api/session.js';
import { useReleases } from '../../deploy/queries.js';
import { marksOf } from '../../environments/cell.js';
import { DeployButton } from '../../deploy/deploy-dialog.js';
import { History, type Present } from '../../environments/history.js';
import { HostsOfService } from '../../environments/hosts.js';
import { MarkList } from '../../environments/marks.js';
import { environmentKey, historyKey, useEnvironment, useHistory, useMatrix } from '../../environments/queries.js';
import { releaseName } from '../../environments/tag.js';
import type { MatrixCell } from '../../environments/types.js';
import { Copy } from '../../parts/copy.js';
import { ImageOf } from '../../parts/image-of.js';
import { whyAddress } from '../../parts/decided.js';
import { shortCommit } from '../../parts/short.js';
import { Ago } from '../../parts/time.js';
import { Loaded } from '../../shell/page.js';
import { LastLines } from './last-lines.js';

interface PanelProps {
  readonly service: string;
  readonly environment: string;
  readonly close: () => void;
}

/** What is known of a service in an environment: what runs, what is newer, its history and its output. Addressable, so it can be sent. */
export function Panel({ service, environment, close }: PanelProps): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const keys = [environmentKey(environment), historyKey(environment, service), ['releases', service]];
  useLive({ types: ['deployment', 'observation', 'hold', 'configuration', 'build'] }, keys);
  useEffect(() => {
    if (dialog.current?.open === false) dialog.current.showModal();
  }, []);
  const cell = useMatrix()
    .data?.services.find((row) => row.service === service)
    ?.cells.find((one) => one.environment === environment);
  return (
    <dialog ref={dialog} class="cell-panel" aria-labelledby="cell-title" onClose={close}>
      <div class="head">
        <h2 id="cell-title">
          {service} in <a href={`/environments/${environment}`}>{environment}</a>
        </h2>
        <span class="spring" />
        <DeployButton service={service} environment={environment} label="Deploy…" />
        <button type="button" autofocus onClick={() => dialog.current?.close()}>
          Close
        </button>
      </div>
      {cell === undefined ? (
        <p>
          {service} has nothing to do with {environment}. <a href="/environments">All environments</a>
        </p>
      ) : (
        <div class="stack">
          <Standing cell={cell} />
          <Hosts service={service} environment={environment} />
          <Newer service={service} cell={cell} />
          <Past service={service} environment={environment} present={presentOf(cell)} />
          {isLoggedIn.value && <LastLines service={service} environment={environment} />}
        </div>
      )}
    </dialog>
  );
}

/** What is desired, since when and by whom, and what is to be said of it. */
function Standing({ cell }: { cell: MatrixCell }): VNode {
  const { desired } = cell;
  return (
    <div>
      <MarkList of={marksOf(cell)} />
      {desired !== null && (
        <p class="soft">
          Wanted: <span class="mono">{desired.tag ?? `release ${desired.release}`}</span>
          <Copy text={desired.digest} what="digest" /> release {desired.release} of {desired.branch}, commit{' '}
          <span class="mono">{shortCommit(desired.commit)}</span>
          <ImageOf {...desired} />, asked for{desired.by !== null && ` by ${desired.by}`} and there{' '}
          <Ago at={desired.since} />. <a href={`/deployments/${desired.deploymentId}`}>Deployment</a>
        </p>
      )}
    </div>
  );
}

function Hosts({ service, environment }: { service: string; environment: string }): VNode {
  return (
    <section aria-labelledby="cell-hosts">
      <h3 id="cell-hosts">Hosts</h3>
      <Loaded read={useEnvironment(environment)} rows={2}>
        {({ services }) => {
          const there = services.find((one) => one.service === service);
          return there && <HostsOfService there={there} label={`Hosts of ${service} in ${environment}`} />;
        }}
      </Loaded>
    </section>
  );
}

/** Releases that are looked through for newer ones of the branch. */
const LOOKED_THROUGH = 100;
const SHOWN = 10;

/** What is between what is desired and the newest of its branch. */
function Newer({ service, cell }: { service: string; cell: MatrixCell }): VNode | null {
  const { desired, behind } = cell;
  const read = useReleases(service, LOOKED_THROUGH);
  if (desired === null || !behind) return null;
  return (
    <section aria-labelledby="cell-newer">
      <h3 id="cell-newer">Newer on {desired.branch}</h3>
      <Loaded read={read} rows={2}>
        {({ releases }) => {
          const newer = releases.filter(({ number, branch }) => number > desired.release && branch === desired.branch);
          return (
            <ul class="newer">
              {newer.slice(0, SHOWN).map(({ number, image, commit, createdAt, buildId }) => (
                <li key={number} class="line">
                  <span>
                    <span class="mono">{releaseName(number, image.tags[0] ?? null)}</span>
                    {image.tags.length > 0 && <span class="soft"> release {number}</span>}
                  </span>
                  <a class="mono" href={whyAddress(service, commit, desired.branch)}>
                    {shortCommit(commit)}
                    <span class="hidden"> why it was built</span>
                  </a>
                  <Ago at={createdAt} />
                  {buildId !== null && <a href={`/builds/${buildId}`}>build</a>}
                  <DeployButton
                    service={service}
                    environment={cell.environment}
                    release={number}
                    label="deploy this…"
                  />
                </li>
              ))}
              {newer.length > SHOWN && <li class="soft">and {newer.length - SHOWN} more</li>}
            </ul>
          );
        }}
      </Loaded>
    </section>
  );
}

const HISTORY = 10;

const presentOf = ({ desired }: MatrixCell): Present | null =>
  desired && { release: desired.release, isStopped: desired.wanted === 'stopped' };

function Past({ service, environment, present }: { service: string; environment: string; present: Present | null }) {
  return (
    <section aria-labelledby="cell-history">
      <h3 id="cell-history">History</h3>
      <Loaded read={useHistory(environment, HISTORY, service)} rows={3}>
        {({ deployments }) => (
          <History
            deployments={deployments}
            label={`History of ${service} in ${environment}`}
            withService={false}
            presentOf={() => present}
          />
        )}
      </Loaded>
    </section>
  );
}
