import { registryContract } from './registry.js';
import { createFakeRegistry } from '../support/fake-registry.js';

registryContract('in memory', async () => {
  const registry = createFakeRegistry();
  return {
    registry,
    upload: async (...given) => registry.upload(...given),
    goAway: async () => registry.setAway(true),
    comeBack: async () => registry.setAway(false),
    close: async () => {},
  };
});

describe('the registry in memory', () => {
  test('fails as it is asked to, that often, and writes down every call', async () => {
    const registry = createFakeRegistry();
    registry.fail('ping', 'registry-unauthorized', 2);
    await expect(registry.ping()).rejects.toMatchObject({ code: 'registry-unauthorized' });
    await expect(registry.ping()).rejects.toMatchObject({ code: 'registry-unauthorized' });
    await registry.ping();
    await registry.manifest('abc/app', 'main');
    expect(registry.transcript).toEqual(['ping', 'ping', 'ping', 'manifest abc/app:main']);
  });
});
