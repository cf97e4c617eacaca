/** What cannot be decided on keeps nothing else from a decision, and is decided on when it can be. */
import { rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { dockerfile, useFakeStage } from '../../support/fake-stage.js';

const open = useFakeStage();
const app = { repository: 'abc/app', version: { value: '1.0' } };

test('a service whose central folder cannot be read keeps no other of its repository waiting', async () => {
  const services = { app, stuck: { ...app, trigger: 'push' } };
  const stage = await open({ services, central: { 'app/Dockerfile': dockerfile } });
  const folder = join(stage.slipway.folder, 'dockerfiles', 'stuck');
  await symlink('stuck', folder);
  const after = await stage.repo.commit({ files: { 'a.txt': '1' } });
  const id = await stage.slipway.deliver('abc/app', 'main', { after });
  await stage.until('the other service to be built', async () => stage.madeFrom('main') === after);
  const delivery = await stage.slipway.get<{ status: string }>(`/api/v1/deliveries/${id}`);
  expect(delivery.status).toBe('accepted');
  await rm(folder);
  await stage.slipway.writeCentral('stuck/Dockerfile', dockerfile);
  await stage.until('the delivery to be planned', async () => {
    stage.clock.leap(10_000);
    return (await stage.slipway.get<{ status: string }>(`/api/v1/deliveries/${id}`)).status === 'planned';
  });
  await stage.slipway.quiet();
  const decided = (await stage.slipway.decisions(id)).map(({ service, decision }) => `${decision} ${service}`);
  expect(decided.sort()).toEqual(['build app', 'build stuck']);
  expect(stage.madeFrom('main', 'stuck')).toBe(after);
});

test('a git tag that the sweep could not decide on is found again by the next', async () => {
  const services = { app: { ...app, gitTags: ['v*'] } };
  const dockerfiles = { repository: 'abc/dockerfiles', branch: 'main' };
  const stage = await open({ services, config: { sweep: '5m', dockerfiles } });
  const central = await stage.repoOf('abc/dockerfiles');
  const packaging = await central.commit({ files: { 'app/Dockerfile': dockerfile } });
  await stage.push({ 'a.txt': '1' });
  await stage.sweep();
  const head = await stage.tip();
  await central.branch('kept', packaging);
  await central.deleteBranch('main');
  await stage.repo.tag('v1', head);
  await stage.sweep();
  expect(stage.madeFrom('1')).toBeNull();
  await central.branch('main', packaging);
  await stage.sweep();
  expect(stage.madeFrom('1')).toBe(head);
});
