import { decideTag, type TagFacts } from '../../../src/decide/decide-tag.js';

const facts = (changes: Partial<TagFacts> = {}): TagFacts => ({
  gitTag: 'v1.2.3',
  commit: 'a'.repeat(40),
  configured: true,
  forced: null,
  imageOf: null,
  imageTag: '1.2.3',
  artifactMissing: false,
  ...changes,
});

test.each<[string, Partial<TagFacts>, string]>([
  ['a new tag builds', {}, 'build git-tag'],
  ['a tag that no pattern matches does not', { configured: false }, 'skip branch-not-configured'],
  ['a tag that has its image is left alone', { imageOf: 'a'.repeat(40) }, 'skip no-change'],
  ['a tag that was moved keeps its image', { imageOf: 'b'.repeat(40) }, 'skip tag-exists'],
  ['a new tag waits for the artifact of its commit', { artifactMissing: true }, 'skip waiting-for-artifact'],
  ['an image that is there needs no artifact', { artifactMissing: true, imageOf: 'b'.repeat(40) }, 'skip tag-exists'],
  ['a retry is forced', { imageOf: 'b'.repeat(40), forced: 'ops asked.' }, 'build forced'],
])('%s', (_, changes, expected) => {
  const { decision, reason } = decideTag(facts(changes));
  expect(`${decision} ${reason.code}`).toBe(expected);
});
