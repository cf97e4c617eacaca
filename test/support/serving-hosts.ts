/** Hosts in memory for a whole Slipway: they pull what its engine pushed, and a container that runs answers with its version at its port. */
import { createServer, type Server } from 'node:http';
import type { Host, Hosts } from '../../src/hosts/contract.js';
import { createFakeHost, type FakeHost } from './fake-host.js';
import type { Fakes } from './fakes.js';

export interface ServingHosts extends Hosts {
  /** The host of an environment, made if nobody asked for it yet. */
  of(environment: string, host: string): FakeHost;
  /** What the containers answer from now on, instead of their versions. Null: their versions again. */
  answer(text: string | null): void;
}

/** `addresses`: where each host publishes its ports, by `ENVIRONMENT/HOST`. */
export function createServingHosts(fakes: () => Fakes, addresses: Readonly<Record<string, string>>): ServingHosts {
  const known = new Map<string, { readonly fake: FakeHost; readonly host: Host }>();
  const servers = new Map<string, Server>();
  let answered: string | null = null;
  const versionOf = (digests: readonly string[]): string => {
    const [repository = '', digest = ''] = (digests[0] ?? '').split('@');
    const build = fakes().behind(repository.slice(repository.indexOf('/') + 1), digest);
    return build?.request.labels['org.opencontainers.image.version'] ?? 'unknown';
  };
  const open = (key: string) => {
    const [environment = '', name = ''] = key.split('/');
    const fake = createFakeHost({ name, now: Date.now });
    const close = async (id: string) => {
      const server = servers.get(id);
      servers.delete(id);
      if (server !== undefined) await closed(server);
    };
    const host: Host = {
      ...fake,
      images: {
        ...fake.images,
        async pull(reference, credentials, signal) {
          fake.offer(reference);
          await fake.images.pull(reference, credentials, signal);
        },
      },
      controls: {
        ...fake.controls,
        async start(id) {
          const isUp = await fake.controls.start(id);
          const seen = await fake.containers.inspect(id);
          const port = seen?.parameters?.ports[0]?.hostPort ?? null;
          if (seen?.state.status !== 'running' || port === null || servers.has(seen.id)) return isUp;
          const server = createServer((_, reply) => reply.end(answered ?? versionOf(seen.digests)));
          servers.set(seen.id, server);
          const address = addresses[`${environment}/${name}`];
          await new Promise<void>((done) => server.listen(port, address, done));
          return isUp;
        },
        async stop(id, graceMs) {
          await close(id);
          return fake.controls.stop(id, graceMs);
        },
      },
    };
    const opened = { fake, host };
    known.set(key, opened);
    return opened;
  };
  const find = (key: string) => known.get(key) ?? open(key);
  return {
    of: (environment, host) => find(`${environment}/${host}`).fake,
    answer: (text) => void (answered = text),
    find: async (environment, host) => find(`${environment}/${host}`).host,
    closeGone: async () => undefined,
    close: async () => {
      await Promise.all([...servers.values()].map(closed));
      servers.clear();
    },
  };
}

const closed = (server: Server): Promise<void> =>
  new Promise((done) => {
    server.closeAllConnections();
    server.close(() => done());
  });
