import { settingWarnings } from '../../../src/config/setting-warnings.js';
import { haproxy, hostA, hostB, production, withEnvironments } from '../../support/environments.js';
import { configOf, least } from '../../support/write-config.js';

const warned = async (settings: string) => {
  const text = withEnvironments(production(settings.replace('HAPROXY', haproxy), `{ ${hostA}, ${hostB} }`));
  return settingWarnings(await configOf(text));
};

test('nothing is said of what is not used', async () => {
  expect(settingWarnings(await configOf(least))).toEqual([]);
});

test('HAProxy without a state file is a warning, with what that means', async () => {
  expect(await warned('strategy: blue-green, balancer: { HAPROXY }')).toEqual([
    {
      path: 'environments.production.balancer.haproxy',
      message: 'has no `stateFile`, so a reload of HAProxy undoes a switch',
    },
  ]);
});

test('nothing is said of one that has it', async () => {
  const settings = 'strategy: blue-green, balancer: { HAPROXY }'.replace(
    'HAPROXY',
    haproxy.replace('haproxy: {', 'haproxy: { stateFile: /var/lib/haproxy/state,'),
  );
  expect(await warned(settings)).toEqual([]);
});
