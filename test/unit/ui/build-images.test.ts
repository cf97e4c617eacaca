import type { Build } from '../../../ui/src/api/types.js';
import { isAsBefore, tagsOf } from '../../../ui/src/pages/build/images.js';

const build = (id: string, second: number, digest: string, tags: readonly string[], over: Partial<Build> = {}) =>
  ({
    ...{ id, status: 'succeeded', finishedAt: `2026-11-30T14:02:0${second}Z` },
    image: { repository: 'shop', digest, tags: [...tags] },
    ...over,
  }) as Build;

const first = build('1', 1, 'sha256:a', ['1.0-1', 'main', 'old']);
const failed = build('2', 2, 'sha256:a', [], { status: 'failed', image: null });
const same = build('3', 3, 'sha256:a', ['1.0-2', 'main']);
const newest = build('4', 4, 'sha256:b', ['1.0-3', 'main']);

test('a tag belongs to the newest build that wrote it, and to all of the same image', () => {
  expect(tagsOf(first, [])).toEqual({ own: ['main', 'old'], moved: [] });
  expect(tagsOf(first, [same, failed, first])).toEqual({ own: ['main', 'old'], moved: [] });
  expect(tagsOf(first, [newest, same, failed, first])).toEqual({ own: ['old'], moved: [{ tag: 'main', to: newest }] });
  expect(tagsOf(newest, [newest, same, failed, first])).toEqual({ own: ['main'], moved: [] });
  expect(tagsOf(failed, [first])).toEqual({ own: [], moved: [] });
});

test('an image is compared with that of the build before that made one', () => {
  const all = [newest, same, failed, first];
  expect(all.map((one) => isAsBefore(one, all))).toEqual([false, true, false, false]);
  expect(isAsBefore(same, [])).toBe(false);
});
