import type { Service } from '../../../../src/model/service.js';
import { inspectedPackagingOf, packagingOf } from '../../../support/image-service.js';
import type { MemoryFile } from '../../../support/memory-tree.js';

type Files = Readonly<Record<string, MemoryFile>>;

describe('a file over its limit', () => {
  const padded = (text: string, bytes: number) => text.padEnd(bytes, '#');
  const [most, mostIgnored] = [1_048_576, 262_144];
  const dockerfile = { Dockerfile: padded('FROM a\n', most + 1) };

  test.each<[string, Files, Files, Partial<Service>, string]>([
    ['Dockerfile', dockerfile, {}, {}, 'The Dockerfile Dockerfile has 1,048,577 bytes; the limit is 1,048,576.'],
    [
      'Dockerfile that is linked to',
      { 'b/Dockerfile': { link: '../Dockerfile' }, ...dockerfile },
      {},
      { dockerfile: 'b/Dockerfile' },
      'The Dockerfile b/Dockerfile has 1,048,577 bytes; the limit is 1,048,576.',
    ],
    [
      'central Dockerfile',
      {},
      { 'app/Dockerfile': dockerfile.Dockerfile },
      {},
      'The central Dockerfile app/Dockerfile has 1,048,577 bytes; the limit is 1,048,576.',
    ],
    [
      '.dockerignore',
      { Dockerfile: 'FROM a', '.dockerignore': padded('x\n', mostIgnored + 1) },
      {},
      {},
      'The .dockerignore .dockerignore has 262,145 bytes; the limit is 262,144.',
    ],
    [
      'central .dockerignore',
      {},
      { 'app/Dockerfile': 'FROM a', 'app/Dockerfile.dockerignore': padded('x\n', mostIgnored + 1) },
      {},
      'The central .dockerignore app/Dockerfile.dockerignore has 262,145 bytes; the limit is 262,144.',
    ],
  ])('is refused with its number: a %s', async (_, files, central, settings, message) => {
    const fault = { code: 'dockerfile-invalid', message };
    await expect(packagingOf(files, settings, central)).rejects.toMatchObject(fault);
    expect((await inspectedPackagingOf(files, settings, central)).fault).toMatchObject(fault);
  });

  test('is read up to the limit', async () => {
    const files = { Dockerfile: padded('FROM a\n', most), '.dockerignore': padded('x\n', mostIgnored) };
    const { text, ignoreText } = await packagingOf(files);
    expect([text.length, ignoreText?.length]).toEqual([most, mostIgnored]);
  });

  test('has a place, and a key that changes with it', async () => {
    const key = async (files: Files, central: Files = {}) => (await inspectedPackagingOf(files, {}, central)).key;
    const ignored = (size: number) => ({ Dockerfile: 'FROM a', '.dockerignore': padded('x', mostIgnored + size) });
    const keys = await Promise.all([
      key(dockerfile),
      key({ Dockerfile: padded('FROM b\n', most + 1) }),
      key({ Dockerfile: padded('FROM a\n', most + 2) }),
      key({ Dockerfile: padded('FROM a\n', most) }),
      key(ignored(0)),
      key(ignored(1)),
      key(ignored(2)),
      key({ ...ignored(1), ...dockerfile }),
      key({ 'docker/Dockerfile': dockerfile.Dockerfile }),
    ]);
    expect(new Set(keys).size).toBe(keys.length);
    expect(await key({ ...dockerfile, other: 'x' })).toBe(keys[0]);
    expect(await key({}, { 'app/Dockerfile': dockerfile.Dockerfile })).toBe(
      keys[8]?.replace('application:', 'central:'),
    );
    const { place, own } = await inspectedPackagingOf(dockerfile);
    expect([place.path, own.files]).toEqual(['Dockerfile', ['Dockerfile']]);
  });

  test('leaves nothing out', async () => {
    const { text, ignoreText } = await inspectedPackagingOf({
      Dockerfile: 'FROM a',
      '.dockerignore': padded('x\n', mostIgnored + 1),
    });
    expect([text, ignoreText]).toEqual(['FROM a', null]);
  });
});
