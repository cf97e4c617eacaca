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
  [
    'a name that another git tag is about to have is left alone',
    { heldBy: 'belongs to git tag 1.2.3' },
    'skip tag-exists',
  ],
  [
    'a name that holds the commit already is good, also if it is a version tag',
    { heldBy: 'is a version tag', imageOf: 'a'.repeat(40) },
    'skip no-change',
  ],
  ['a new tag waits for the artifact of its commit', { artifactMissing: true }, 'skip waiting-for-artifact'],
  ['an image that is there needs no artifact', { artifactMissing: true, imageOf: 'b'.repeat(40) }, 'skip tag-exists'],
  ['a retry is forced', { imageOf: 'b'.repeat(40), forced: 'ops asked.' }, 'build forced'],
])('%s', (_, changes, expected) => {
  const { decision, reason } = decideTag(facts(changes));
  expect(`${decision} ${reason.code}`).toBe(expected);
});

test.each<[Partial<TagFacts>, string]>([
  [{ imageOf: 'b'.repeat(40) }, 'Image tag 1.2.3 holds bbbbbbb; git tag v1.2.3 now names aaaaaaa.'],
  [{ heldBy: 'is a version tag' }, 'Image tag 1.2.3 is a version tag; git tag v1.2.3 names aaaaaaa.'],
  [
    { heldBy: 'belongs to git tag 1.2.3', imageOf: 'b'.repeat(40) },
    'Image tag 1.2.3 belongs to git tag 1.2.3 and holds bbbbbbb; git tag v1.2.3 names aaaaaaa.',
  ],
])('a taken name says who has it', (changes, message) => {
  expect(decideTag(facts(changes)).reason.message).toBe(message);
});
