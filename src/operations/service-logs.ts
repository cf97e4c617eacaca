import type { Clock } from '../clock.js';
import { SlipwayError } from '../errors.js';
import type { Events } from '../events.js';
import type { Host, Hosts } from '../hosts/contract.js';
import type { KeptSpecification } from '../model/deployment.js';
import type { Environment } from '../model/environment.js';
import type { OwnContainer } from '../model/observation.js';
import type { Service } from '../model/service.js';
import type { Observations } from '../pipeline/observe/contract.js';
import { secretTexts } from '../specification/secret-texts.js';
import type { Deployments } from '../store/contract.js';
import type { ServiceLogCall, ServiceLogs } from './contract.js';
import { hostLog } from './host-log.js';
import { merged } from './merged.js';

export interface ServiceLogsDeps {
  readonly hosts: Pick<Hosts, 'find'>;
  readonly observations: Observations;
  readonly services: () => ReadonlyMap<string, Service>;
  readonly environments: () => ReadonlyMap<string, Environment>;
  readonly store: { readonly deployments: Pick<Deployments, 'desired' | 'specification'> };
  readonly events: Events;
  readonly clock: Clock;
}

/** The logs of services as their hosts have them. See `ServiceLogs`. */
export function createServiceLogs(deps: ServiceLogsDeps): ServiceLogs {
  return {
    async open(call, signal) {
      const { environment, host: named, follow } = call;
      if (named !== null) await requireAnswer(call.environment.name, named, deps);
      const hosts = named === null ? [...environment.hosts.keys()] : [named];
      const logs = hosts.map((host) => hostLog(hostCall(host, call, deps), deps, signal));
      return follow ? merged(logs) : oneByOne(logs);
    },
  };
}

async function* oneByOne(logs: readonly AsyncIterable<string>[]): AsyncGenerator<string> {
  for (const log of logs) yield* log;
}

function hostCall(host: string, call: ServiceLogCall, deps: ServiceLogsDeps) {
  const { service, tail, follow } = call;
  const environment = call.environment.name;
  return {
    ...{ environment, service, host, tail, follow },
    find: () => deps.hosts.find(environment, host),
    secretsOf: (container: OwnContainer) => secretsOf(container, call, deps),
  };
}

/** Those of the configuration, of what is desired, and of what the container itself was created from. */
async function secretsOf(
  { deployment }: OwnContainer,
  { environment: { name }, environment: before, service }: ServiceLogCall,
  { store, services, environments }: ServiceLogsDeps,
): Promise<Iterable<string>> {
  const [desired, made] = await Promise.all([
    store.deployments.desired(name, service),
    store.deployments.specification(deployment),
  ]);
  const specifications = [desired?.specification, made].filter((one): one is KeptSpecification => Boolean(one));
  const environment = environments().get(name) ?? before;
  const deploy = services().get(service)?.deploy ?? null;
  const own = deploy?.variables.get(name)?.reveal();
  return secretTexts({
    variables: [environment.variables.reveal(), ...(own === undefined ? [] : [own])],
    specifications,
    verify: deploy && { verify: deploy.verify?.reveal() ?? null, secretVerifyKeys: deploy.secretVerifyKeys },
  });
}

/** Fails with `host-unreachable`. */
async function requireAnswer(environment: string, host: string, { hosts, observations }: ServiceLogsDeps) {
  const known = observations.of(environment, host);
  const found: Host | null = await hosts.find(environment, host);
  if (known?.reachable === true && found !== null) return found.ping();
  throw new SlipwayError('host-unreachable', known?.why ?? `Host ${host} was not asked yet.`, { extra: { host } });
}
