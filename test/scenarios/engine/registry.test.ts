import { createRegistry } from '../../../src/registry/registry.js';
import { Secret } from '../../../src/secret.js';
import { registryContract } from '../../contracts/registry.js';
import { keptLog } from '../../support/kept-log.js';
import { registryUser, startRegistry, type RegistryUser } from '../../support/registry.js';
import { uploadTinyImage } from '../../support/tiny-image.js';

const clientOf = (host: string, user: { username: string; password: string } | null) =>
  createRegistry({
    host,
    username: user?.username ?? null,
    password: user ? new Secret(user.password) : null,
    insecure: false,
    clock: { now: () => Date.now() },
    log: keptLog(),
  });

async function realRegistry(user: RegistryUser | null) {
  const running = await startRegistry(user);
  const authorization = user
    ? `Basic ${Buffer.from(`${user.username}:${user.password}`).toString('base64')}`
    : undefined;
  return {
    registry: clientOf(running.host, user),
    upload: (...given: [repository: string, tag: string, content: string, more?: object]) =>
      uploadTinyImage({ host: running.host, authorization }, ...given),
    goAway: () => running.stop(),
    comeBack: () => running.start(),
    close: () => running.close(),
  };
}

registryContract('docker-registry open to everybody', () => realRegistry(null));
registryContract('docker-registry with a password', () => realRegistry(registryUser));

describe('docker-registry with a password', () => {
  test.each([
    ['a wrong password', { username: registryUser.username, password: 'guessed' }],
    ['no password', null],
  ])('is registry-unauthorized for %s', async (_what, user) => {
    const running = await startRegistry(registryUser);
    try {
      await expect(clientOf(running.host, user).ping()).rejects.toMatchObject({ code: 'registry-unauthorized' });
      await expect(clientOf(running.host, user).tags('abc/app')).rejects.toMatchObject({
        code: 'registry-unauthorized',
      });
    } finally {
      await running.close();
    }
  });
});
