import { branchRef, formatRef, fullRefName, parseFullRef, parseRef, tagRef } from '../../src/git-ref.js';

test.each([
  ['refs/heads/main', branchRef('main'), 'main'],
  ['refs/heads/feature/a b', branchRef('feature/a b'), 'feature/a b'],
  ['refs/tags/v1', tagRef('v1'), 'refs/tags/v1'],
])('%s is one ref in every spelling', (fullName, ref, branch) => {
  expect(parseFullRef(fullName)).toEqual(ref);
  expect(fullRefName(ref)).toBe(fullName);
  expect(parseRef(branch)).toEqual(ref);
  expect(formatRef(ref)).toBe(branch);
});

test.each(['refs/notes/commits', 'HEAD', 'main', ''])('%j is not the full name of a branch or tag', (name) => {
  expect(parseFullRef(name)).toBeNull();
});
