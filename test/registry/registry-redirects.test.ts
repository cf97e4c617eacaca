import { createRegistry } from '../../src/registry/registry.js';
import { Secret } from '../../src/secret.js';
import { keptLog } from '../support/kept-log.js';
import { scriptedServer, type ScriptedAnswer } from '../support/scripted-server.js';

test('a registry that redirects to another server does not take the password there', async () => {
  const storage = await scriptedServer(() => ({ status: 200, body: '{"tags":["main"]}' }));
  const front = await scriptedServer(({ headers }): ScriptedAnswer =>
    headers.authorization === undefined
      ? { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } }
      : { status: 307, headers: { location: `http://${storage.host}/elsewhere` } },
  );
  try {
    const registry = createRegistry({
      host: front.host,
      username: 'slipway',
      password: new Secret('geheim'),
      insecure: false,
      clock: { now: () => 0 },
      log: keptLog(),
    });
    await expect(registry.tags('app')).resolves.toEqual(['main']);
    expect(storage.requests.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ['/elsewhere', undefined],
    ]);
  } finally {
    await Promise.all([front.close(), storage.close()]);
  }
});
