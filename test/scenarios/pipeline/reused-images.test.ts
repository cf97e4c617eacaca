/** Inputs that come back: the image that was made of them is given its tags again, as long as the registry has it. */
import { useFakeStage } from '../../support/fake-stage.js';

const open = useFakeStage();

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
