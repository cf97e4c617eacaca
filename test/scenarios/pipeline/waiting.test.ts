/** What is waited for is said on the build itself. */
import type { BuildRow } from '../../support/slipway.js';
import { useFakeStage } from '../../support/fake-stage.js';

const open = useFakeStage();

interface Waits {
  readonly waitingFor?: { readonly code: string; readonly message: string; readonly until: string } | null;
}

test('a build whose registry is away says so, and when it is tried again', async () => {
  const stage = await open();
  await stage.repo.commit({ files: { Dockerfile: 'FROM scratch\nCOPY . /\n' } });
  stage.fakes.fake.setAway(true);
  await stage.deliver();
  const builds = async () => (await stage.builds()) as readonly (BuildRow & Waits)[];
  await stage.until('the build to wait', async () => {
    const [build] = await builds();
    return build?.waitingFor?.code === 'registry-unavailable' && Date.parse(build.waitingFor.until) > 0;
  });
  const ready = async () => {
    const { body } = await stage.slipway.request('GET', '/readyz');
    return (JSON.parse(body) as { checks: { waiting: { ok: boolean; message: string } } }).checks.waiting;
  };
  await stage.until('/readyz to say so', async () =>
    /^waiting for registry-unavailable, until \d{4}-.*Z: ./.test((await ready()).message),
  );
  expect((await ready()).ok).toBe(true);
  stage.fakes.fake.setAway(false);
  stage.clock.leap(300_000);
  await stage.slipway.quiet();
  expect(await builds()).toMatchObject([{ status: 'succeeded', waitingFor: null }]);
});
