import { regionRules } from '../../../src/decide/region-rules.js';
import { asReader, openTestApp, service, sha } from '../../support/app.js';

const pattern = (text: string) => ({ text, matches: () => false });

test('the rules of a service are the settings in force, region drift, and what it stands on', async () => {
  const shop = service({
    name: 'shop',
    regions: { included: [pattern('services/shop/**')], excluded: [pattern('**/*.md')] },
    dockerfile: 'docker/Dockerfile',
  });
  const server = await openTestApp({ services: () => new Map([['shop', shop]]) });
  const drift = [{ message: 'COPY lib reads lib/, which no region has.', dockerfile: { path: 'Dockerfile', line: 4 } }];
  const found = { service: 'shop', commit: sha('a'), rules: regionRules(shop), drift };
  await server.store.regionDrifts.note({ ...found, branch: 'main' });
  await server.store.regionDrifts.note({ ...found, branch: 'old', rules: 'of other settings' });
  const edge = { reference: 'registry.test/base:main', base: 'base', baseBranch: 'main' };
  await server.store.bases.replace('shop', 'main', [{ service: 'shop', branch: 'main', ...edge }]);
  const get = (name: string) => server.app.inject({ url: `/api/v1/services/${name}/rules`, headers: asReader });
  expect((await get('shop')).json()).toEqual({
    ...{ branches: ['main'], gitTags: [], included: ['services/shop/**'], excluded: ['**/*.md'], auto: false },
    ...{ trigger: 'push', artifact: null, dockerfile: 'docker/Dockerfile', target: null, context: '.' },
    ...{ builds: 'latest', cascade: true },
    drift: [{ ...drift[0], branch: 'main' }],
    bases: [{ branch: 'main', reference: 'registry.test/base:main', base: 'base' }],
  });
  expect((await get('none')).statusCode).toBe(404);
  await server.close();
});
