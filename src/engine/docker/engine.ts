import type { Clock } from '../../clock.js';
import type { Log } from '../../log.js';
import { memoUnlessFailed } from '../../memo.js';
import { textOf } from '../../docker/answer.js';
import { createAsk } from './ask.js';
import { createBuilder } from './build.js';
import { connectEngine, type EngineRequest, type EngineTls } from '../../docker/connection.js';
import type { Credentials, Engine } from '../contract.js';
import { engineFault } from '../messages/faults.js';
import { createKnownRegistries } from '../messages/known-registries.js';
import { createImages } from './images.js';
import { withTakeOver } from './take-over.js';

export interface EngineOptions {
  /** `unix://PATH` or `tcp://HOST[:PORT]`. */
  readonly host: string;
  /** Null: no TLS. */
  readonly tls: EngineTls | null;
  /** Used for this one registry, for base images and pushes. */
  readonly credentials: Credentials | null;
  /** `host[:port]` of registries that surely exist, besides Docker Hub and that of the credentials. */
  readonly registries?: readonly string[];
  /** How contexts are sent: synced over a session (the default), or as an archive. */
  readonly transport?: 'sync' | 'archive';
  readonly clock: Clock;
  readonly log: Log;
}

const PING_TIMEOUT_MS = 5_000;
/** The engine runs programs to ask for their versions. */
const VERSION_TIMEOUT_MS = 60_000;
/** Removing gigabytes takes long. */
const PRUNE_TIMEOUT_MS = 600_000;

/**
 * The Docker Engine (20.10 to 29) at an address. Connects on first use. Fails with `invalid-configuration` for an address of another kind.
 */
export function createEngine(options: EngineOptions): Engine {
  const { host, tls, credentials, transport = 'sync', clock, log } = options;
  const known = createKnownRegistries([...(options.registries ?? []), ...(credentials ? [credentials.host] : [])]);
  const connection = connectEngine(host, tls);
  const ask = createAsk(connection, clock);
  const insist = async (request: EngineRequest, patience: number): Promise<void> => {
    const { status, object } = await ask(request, patience);
    if (status >= 400) throw engineFault(textOf(object, 'message'), status);
  };
  const prune = (path: string, filters: object): Promise<void> =>
    insist({ method: 'POST', path, query: { filters: JSON.stringify(filters) } }, PRUNE_TIMEOUT_MS);
  const images = createImages({ connection, ask, credentials, known, clock });
  const askPlatform = async (): Promise<string> => {
    const { object } = await ask({ method: 'GET', path: '/version' }, VERSION_TIMEOUT_MS);
    return `${textOf(object, 'Os')}/${textOf(object, 'Arch')}`;
  };
  return {
    builder: withTakeOver(createBuilder({ connection, credentials, known, transport, clock, log }), images),
    images,
    async ping() {
      await insist({ method: 'GET', path: '/_ping' }, PING_TIMEOUT_MS);
    },
    async prune(maxAgeMs) {
      const until = [`${Math.ceil(maxAgeMs / 1000)}s`];
      // Only images that a Slipway build made: the engine may serve others too.
      await prune('/images/prune', { dangling: ['true'], label: ['dev.slipway.service'], until });
      await prune('/build/prune', { until });
    },
    platform: memoUnlessFailed(askPlatform),
    // An engine is upgraded while Slipway runs.
    async version() {
      const { object } = await ask({ method: 'GET', path: '/version' }, VERSION_TIMEOUT_MS);
      return textOf(object, 'Version');
    },
  };
}
