/** What the demo does with images on the engine: makes its base, runs what was built, and cleans up an engine that is not its own. */
import { engineClient, ensureBaseImage, registryUser } from '../parts.mjs';
import { tar } from '../parts/tar.mjs';
import { javaStandIn } from './repository-files.mjs';

const plainBase = 'slipway-demo/busybox:1';
export const baseImage = 'slipway-demo/base:1';

const query = (fields) => new URLSearchParams(fields).toString();

/** A busybox with a stand-in for Java. */
export async function makeBaseImage(dockerHost) {
  const client = engineClient(dockerHost);
  await ensureBaseImage(dockerHost, plainBase);
  const { Id } = await client.json('POST', '/containers/create', { Image: plainBase, Cmd: ['sh'] });
  const body = await tar([{ path: 'bin/java', content: javaStandIn, mode: 0o755 }]);
  await client.send('PUT', `/containers/${Id}/archive?path=/`, { body, type: 'application/x-tar' });
  await client.send('POST', `/commit?${query({ container: Id, repo: 'slipway-demo/base', tag: '1' })}`);
  await client.send('DELETE', `/containers/${Id}?force=true`);
}

async function pull(client, registryHost, image) {
  const login = { username: registryUser.username, password: registryUser.password, serveraddress: registryHost };
  const headers = { 'x-registry-auth': Buffer.from(JSON.stringify(login)).toString('base64url') };
  const told = await client.send('POST', `/images/create?${query({ fromImage: image })}`, { headers });
  const lines = told.toString('utf8').split('\n').filter(Boolean);
  const fault = lines.map((line) => JSON.parse(line).error).find(Boolean);
  if (fault !== undefined) throw new Error(`${image} cannot be pulled: ${fault}`);
}

/** Makes a container of an image from the registry. Slipway may drop its own name of the image after the pull; then it is pulled again. */
async function containerOf(client, registryHost, image) {
  // With a terminal the output comes as it is, not in frames of stdout and stderr.
  const container = { Image: image, Tty: true, HostConfig: { NetworkMode: 'none' } };
  for (let attempt = 1; ; attempt += 1) {
    await pull(client, registryHost, image);
    try {
      return (await client.json('POST', '/containers/create', container)).Id;
    } catch (error) {
      if (error.status !== 404 || attempt === 5) throw error;
    }
  }
}

/** Pulls an image from the registry, runs it without network and resolves with what it prints. */
export async function run(dockerHost, registryHost, image) {
  const client = engineClient(dockerHost);
  const id = await containerOf(client, registryHost, image);
  try {
    await client.send('POST', `/containers/${id}/start`);
    await client.send('POST', `/containers/${id}/wait`);
    const output = await client.send('GET', `/containers/${id}/logs?stdout=1&stderr=1`);
    return output.toString('utf8').replaceAll('\r', '').trim();
  } finally {
    await client.send('DELETE', `/containers/${id}?force=true`);
  }
}

/** The build cache that an engine has, by id. */
export async function cacheIds(dockerHost) {
  const usage = await engineClient(dockerHost).json('GET', '/system/df');
  return (usage.BuildCache ?? []).map(({ ID }) => ID);
}

/** The running containers that are deployed in an environment of that name on an engine. */
export async function deployedContainers(dockerHost, environment, instance) {
  const client = engineClient(dockerHost);
  const label = [`dev.slipway.instance=${instance}`, `dev.slipway.environment=${environment}`];
  const containers = await client.json('GET', `/containers/json?${query({ filters: JSON.stringify({ label }) })}`);
  return Promise.all(containers.map(({ Id }) => client.json('GET', `/containers/${Id}/json`)));
}

/** Removes what the demo left on an engine that goes on: its containers and images, and the build cache that was not there before. */
export async function removeTraces({ dockerHost, registryHost, cacheBefore, instance }) {
  const client = engineClient(dockerHost);
  const deployed = instance === null ? [] : await removeContainers(client, instance);
  const ours = (name) =>
    name.startsWith(`${registryHost}/`) || name.startsWith('slipway-demo/') || deployed.includes(name);
  const images = await client.json('GET', '/images/json');
  const named = images.map(({ RepoTags, RepoDigests }) => [...(RepoTags ?? []), ...(RepoDigests ?? [])]);
  // A deployed image without a container is known by the registry that it came from.
  const names = named
    .filter((all) => all.some(ours))
    .flatMap((all) => all.filter((name) => ours(name) || name.startsWith(deployedNames)));
  for (const name of names) await gone(client.send('DELETE', `/images/${encodeURIComponent(name)}?force=true`));
  await removeCache(dockerHost, cacheBefore);
}

/** Slipway gives the image of each deployment a name below this one. */
const deployedNames = 'slipway.local/';

/** Removes the containers that a demo deployed, with their volumes. Resolves with the names of their images. */
async function removeContainers(client, instance) {
  const filters = JSON.stringify({ label: [`dev.slipway.instance=${instance}`] });
  const containers = await client.json('GET', `/containers/json?${query({ all: 'true', filters })}`);
  for (const { Id } of containers) await gone(client.send('DELETE', `/containers/${Id}?force=true&v=true`));
  return containers.map(
    ({ Labels }) => `${deployedNames}${Labels['dev.slipway.service']}:${Labels['dev.slipway.deployment']}`,
  );
}

/** With its last tag an image's digests go too, and what goes at the same time is gone as well. */
async function gone(removing) {
  await removing.catch((error) => {
    if (error.status !== 404) throw error;
  });
}

/** Removes build cache that is newer than the demo. An entry stays while others build on it, so this takes several rounds. */
async function removeCache(dockerHost, cacheBefore) {
  const client = engineClient(dockerHost);
  const added = async () => (await cacheIds(dockerHost)).filter((id) => !cacheBefore.includes(id));
  let left = await added();
  for (let count = Infinity; left.length > 0 && left.length < count; left = await added()) {
    count = left.length;
    for (const id of left) {
      const filters = JSON.stringify({ id: { [id]: true } });
      await client.send('POST', `/build/prune?${query({ all: 'true', filters })}`);
    }
  }
}
