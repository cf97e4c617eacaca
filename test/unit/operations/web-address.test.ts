import { compareUrl } from '../../../src/operations/why/web-address.js';

const ends = { base: 'aaa', head: 'bbb' };
const gitHubApi = 'https://api.github.com';

test.each([
  ['https://github.com/{repository}.git', gitHubApi, 'https://github.com/abc/shop/compare/aaa...bbb'],
  ['https://user:secret@github.com/{repository}', gitHubApi, 'https://github.com/abc/shop/compare/aaa...bbb'],
  [
    'https://git.abc.net/{repository}.git',
    'https://git.abc.net/api/v3',
    'https://git.abc.net/abc/shop/compare/aaa...bbb',
  ],
  ['https://git.abc.net/{repository}.git', gitHubApi, null],
  ['https://git.abc.net/scm/{repository}.git', 'https://git.abc.net/api/v3', null],
  ['git@github.com:{repository}.git', gitHubApi, null],
  ['/srv/git/{repository}.git', gitHubApi, null],
])('%s with the API at %s', (cloneUrl, apiUrl, url) => {
  expect(compareUrl({ cloneUrl, apiUrl }, 'abc/shop', ends)).toBe(url);
});
