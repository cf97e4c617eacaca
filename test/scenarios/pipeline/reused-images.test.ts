/** Inputs that come back: the image that was made of them is given its tags again, as long as the registry has it. */
import { useFakeStage } from '../../support/fake-stage.js';

const open = useFakeStage();

test('an image is shown with the tags that name it now, not with all that its build wrote', async () => {
  const stage = await open();
  const first = await stage.begin();
  const told = async (commit: string) =>
    (await stage.slipway.get<{ tags: string[] }>(`/api/v1/services/app/image?commit=${commit}`)).tags;
  const [before = ''] = await told(first);
  expect(await told(first)).toEqual([before, 'main']);
  await stage.ended(await stage.push({ 'src/a.txt': '2' }));
  const second = await stage.tip();
  expect(await told(first)).toEqual([before]);
  expect(await told(second)).toEqual([expect.stringContaining(second.slice(0, 7)), 'main']);
  await stage.repo.forcePush('main', first);
  await stage.ended(await stage.deliver());
  expect(await told(first)).toEqual([before, 'main']);
  expect(await told(second)).toHaveLength(1);
});

test.each([
  [true, 'reused'],
  [false, 'built'],
])('an image that the registry holds (%s) is %s', async (isHeld, outcome) => {
  const stage = await open();
  await stage.begin();
  const [first] = await stage.builds();
  await stage.ended(await stage.push({ 'src/a.txt': '2' }));
  const { fake } = stage.fakes;
  if (!isHeld) for (const tag of first?.image?.tags ?? []) if (tag !== 'main') fake.forget('app', tag);
  const again = await stage.ended(await stage.push({ 'src/a.txt': '1' }));
  expect(again).toMatchObject({ status: 'succeeded', outcome });
  expect(again.image?.digest === first?.image?.digest).toBe(isHeld);
  const state = fake.state('app');
  expect(again.image?.tags.map((tag) => state[tag])).toEqual([again.image?.digest, again.image?.digest]);
});
