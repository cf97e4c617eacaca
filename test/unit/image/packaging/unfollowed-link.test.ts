import { failureOf } from '../../../support/failure-of.js';
import { packagingOf } from '../../../support/image-service.js';
import type { MemoryFile } from '../../../support/memory-tree.js';

type Files = Readonly<Record<string, MemoryFile>>;

const long = 'x'.repeat(5_000);
const chain = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`l${at}`, { link: `l${at + 1}` }]));

const messageFor = async (files: Files) => {
  const failure = await failureOf(packagingOf(files, {}, {}));
  expect(failure).toMatchObject({ code: 'dockerfile-not-found' });
  return failure?.message;
};

describe('a Dockerfile that is a link and cannot be followed', () => {
  test.each<[string, Files, string, string, string]>([
    ['out of the repository', { Dockerfile: { link: '../x' } }, 'Dockerfile', '../x', 'leads out of the repository'],
    ['in lower case', { dockerfile: { link: '../x' } }, 'dockerfile', '../x', 'leads out of the repository'],
    ['to an absolute path', { Dockerfile: { link: '/etc/x' } }, 'Dockerfile', '/etc/x', 'leads out of the repository'],
    ['to nothing', { Dockerfile: { link: 'gone' } }, 'Dockerfile', 'gone', 'leads to nothing in the commit'],
    ['to a folder', { Dockerfile: { link: 'a' }, 'a/b': '' }, 'Dockerfile', 'a', 'leads to a folder'],
    ['to itself', { Dockerfile: { link: 'Dockerfile' } }, 'Dockerfile', 'Dockerfile', 'leads through too many links'],
    [
      'through many links',
      { ...chain, Dockerfile: { link: 'l0' } },
      'Dockerfile',
      'l0',
      'leads through too many links',
    ],
    ['with a long target', { Dockerfile: { link: long } }, 'Dockerfile', '…', 'has over 4096 bytes as its target'],
    [
      'through another one',
      { 'docker/Dockerfile': { link: '../D' }, D: { link: '../x' } },
      'docker/Dockerfile',
      '../D',
      'leads out of the repository',
    ],
    ['in a folder that is one', { docker: { link: '../x' } }, 'docker', '../x', 'leads out of the repository'],
    [
      'behind a folder that is a sound one',
      { docker: { link: 's' }, 's/Dockerfile': { link: 'gone' } },
      'docker',
      's',
      'leads to nothing in the commit',
    ],
  ])('%s', async (_, files, link, target, why) => {
    const message = await messageFor({ 'src/a': '', ...files });
    expect(message).toContain(`is there and cannot be followed: ${link} is a symbolic link to ${target}, which ${why}`);
  });

  test.each<[string, Files]>([
    ['nothing is there', { 'src/a': '' }],
    ['the docker folder is a sound link', { docker: { link: 's' }, 's/a': '' }],
    ['the docker folder is a file', { docker: 'a file' }],
    ['the docker folder is a file that reads like a link', { docker: '../x' }],
  ])('is not spoken of where %s', async (_, files) => {
    expect(await messageFor(files)).toMatch(
      /^No Dockerfile for app \(.*\); looked at: docker\/Dockerfile, Dockerfile, /,
    );
  });
});
