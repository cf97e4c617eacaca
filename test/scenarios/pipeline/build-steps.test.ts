/** What a build tells of its steps: their kind, their lines in the log and in the Dockerfile, and that work was taken over. */
import { useFakeStage, type FakeStage } from '../../support/fake-stage.js';

const open = useFakeStage();

interface Shown {
  readonly steps: readonly {
    readonly name: string;
    readonly kind: string;
    readonly reused: boolean;
    readonly line: number | null;
    readonly dockerfile: { readonly from: number; readonly to: number } | null;
  }[];
  readonly error: { readonly stepIndex: number | null } | null;
}

async function shown(stage: FakeStage) {
  const [build] = (await stage.builds()).slice(-1);
  const id = build?.id ?? '';
  const { steps, error } = await stage.slipway.get<Shown>(`/api/v1/builds/${id}`);
  const text = await stage.slipway.logOf(id);
  return { id, steps, error, lines: text.split('\n') };
}

test('a step that fails is found in the log and in the Dockerfile', async () => {
  const stage = await open();
  const text = 'FROM scratch\nLABEL a=b\nCOPY . /\nRUN echo hello\nRUN exit 3\n';
  await stage.begin({ 'docker/Dockerfile': text });
  const { id, steps, error, lines } = await shown(stage);
  expect(steps.map(({ kind }) => kind)).toEqual([
    ...Array<string>(3).fill('slipway'),
    ...Array<string>(4).fill('dockerfile'),
  ]);
  expect(steps.at(-1)?.dockerfile).toEqual({ from: 5, to: 5 });
  expect(error?.stepIndex).toBe(steps.length - 1);
  for (const { name, kind, line } of steps)
    if (kind === 'dockerfile') expect(lines[(line ?? 0) - 1]).toBe(`=> ${name}`);
  expect((await stage.slipway.request('GET', `/api/v1/builds/${id}/dockerfile`)).body).toBe(text);
});

test('an image that is taken over is a step that is', async () => {
  const stage = await open();
  await stage.begin();
  await stage.ended(await stage.push({ 'src/a.txt': '2' }));
  await stage.ended(await stage.push({ 'src/a.txt': '1' }));
  const { steps, lines } = await shown(stage);
  expect(steps.map(({ name, reused }) => [name, reused])).toEqual([
    ['fetch', false],
    ['prepare', false],
    ['build', true],
    ['publish', false],
  ]);
  expect(lines[(steps[2]?.line ?? 0) - 1]).toContain('Equal inputs: reusing ');
});
