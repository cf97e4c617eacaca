/** The version tag's name is asked for while the engine finishes the image, and again only if that leaves a doubt. */
import { useFakeStage, type FakeStage } from '../../support/fake-stage.js';
import { leapClock } from '../../support/leap-clock.js';

const openStage = useFakeStage();
// An early look counts for a second, which a slow machine may take between it and the push.
const open = () => openStage({ clock: leapClock({ standing: true }) });

/** What the registry was asked about the first build's version tag, and what was pushed. */
async function asked({ fakes }: FakeStage, tag: string): Promise<readonly string[]> {
  const asks = fakes.fake.transcript.filter((line) => line === `manifest app:${tag}`);
  const pushes = fakes.engine.transcript.filter((line) => line.startsWith('push '));
  return [...asks, ...pushes];
}

const versionTag = async (stage: FakeStage) => `1.0-1-${(await stage.tip()).slice(0, 7)}`;

test('a free name is asked for once before the push, and read back once after it', async () => {
  const stage = await open();
  await stage.begin();
  const tag = await versionTag(stage);
  expect(await asked(stage, tag)).toEqual([
    `manifest app:${tag}`,
    `manifest app:${tag}`,
    `push ${stage.fakes.host}/app:${tag}`,
  ]);
  expect(await stage.builds()).toMatchObject([{ status: 'succeeded', image: { tags: [tag, 'main'] } }]);
});

test('the name for an image that is reused is asked for once, beside the image itself', async () => {
  const stage = await open();
  await stage.begin();
  // Pushes at the same moment would be a burst, whose end is waited for.
  const later = async (content: string) => {
    stage.clock.leap(1_000);
    return stage.ended(await stage.push({ 'src/a.txt': content }));
  };
  await later('2');
  const again = await later('1');
  expect(again).toMatchObject({ outcome: 'reused' });
  const [tag = ''] = again.image?.tags ?? [];
  const { transcript } = stage.fakes.fake;
  const ofName = transcript.filter((line) => line === `manifest app:${tag}`);
  expect(ofName).toHaveLength(1);
  const [first, second] = transcript.slice(transcript.indexOf(`manifest app:${tag}`));
  expect([first, second]).toEqual([`manifest app:${tag}`, `manifest app:${again.image?.digest}`]);
});

test('an early look that fails costs the build nothing but another one', async () => {
  const stage = await open();
  stage.fakes.fake.fail('manifest', 'registry-unavailable');
  await stage.begin();
  const tag = await versionTag(stage);
  expect(await asked(stage, tag)).toEqual([
    `manifest app:${tag}`,
    `manifest app:${tag}`,
    `manifest app:${tag}`,
    `push ${stage.fakes.host}/app:${tag}`,
  ]);
  expect(await stage.builds()).toMatchObject([{ status: 'succeeded', image: { tags: [tag, 'main'] } }]);
});

test('a name that holds another image still gives a revision', async () => {
  const stage = await open();
  await stage.begin();
  const tag = await versionTag(stage);
  await stage.slipway.post('/rebuild/app', { noCache: true });
  await stage.slipway.quiet();
  const { digest } = (await stage.builds())[0]?.image ?? {};
  stage.fakes.fake.upload('app', tag, 'of somebody else');
  await stage.slipway.post('/rebuild/app', { noCache: true });
  await stage.slipway.quiet();
  expect((await stage.builds()).map(({ image }) => image?.tags)).toEqual([
    [tag, 'main'],
    [tag, 'main'],
    [`${tag}-r2`, 'main'],
  ]);
  expect(stage.fakes.fake.state('app')[`${tag}-r2`]).toBe(digest);
});

test('an image that an earlier attempt finished is asked for as if nobody had looked', async () => {
  const stage = await open();
  stage.fakes.engine.fail('push', 'registry-unavailable');
  await stage.push({ Dockerfile: 'FROM scratch\nCOPY . /\n' });
  await stage.until('the second attempt to wait', async () => {
    const pushed = stage.fakes.engine.transcript.some((line) => line.startsWith('push '));
    return pushed && (await stage.builds())[0]?.status === 'queued';
  });
  stage.clock.leap(60_000);
  await stage.slipway.quiet();
  const tag = await versionTag(stage);
  expect(stage.fakes.engine.builds).toHaveLength(1);
  const name = `push ${stage.fakes.host}/app:${tag}`;
  expect(await asked(stage, tag)).toEqual([...Array(3).fill(`manifest app:${tag}`), name, name]);
});
