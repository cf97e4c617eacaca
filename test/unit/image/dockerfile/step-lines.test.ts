import { readOutline } from '../../../../src/image/dockerfile/outline.js';
import { isInstruction, stepLines } from '../../../../src/image/dockerfile/step-lines.js';

/** `from-to` of each step, `null` where no place is known. */
function places(dockerfile: string, steps: readonly string[], mayTrigger = false) {
  const lineOf = stepLines(readOutline(dockerfile), mayTrigger);
  return steps.map((step) => {
    const lines = lineOf(step);
    return lines && `${lines.from}-${lines.to}`;
  });
}

const single = `# syntax=docker/dockerfile:1
FROM node:20
ENV A=1
WORKDIR /app
COPY package.json \\
  # a comment
  package-lock.json ./

RUN npm ci
RUN <<EOF
npm ci
RUN npm ci
EOF
RUN npm ci
CMD ["node"]
`;

const several = `ARG BASE=alpine
FROM $BASE AS Base
RUN a

FROM base AS build
WORKDIR /
COPY . .
RUN make $TARGET

FROM scratch
COPY --from=build --chmod=0644 /out /
COPY --link a b
`;

const triggers = `FROM alpine AS base
ONBUILD COPY . /srv
ONBUILD RUN make
FROM base
RUN make
RUN test
`;

test.each<[string, string, readonly [step: string, at: string | null][]]>([
  [
    'one stage, continued lines, here-documents, the same words several times',
    single,
    [
      ['[1/6] FROM docker.io/library/node:20@sha256:1234', '2-2'],
      ['[2/6] WORKDIR /app', '4-4'],
      ['[3/6] COPY package.json   package-lock.json ./', '5-7'],
      ['[4/6] RUN npm ci', '9-9'],
      ['[5/6] RUN <<EOF (npm ci...)', '10-13'],
      ['[6/6] RUN npm ci', '14-14'],
    ],
  ],
  [
    'names that do not agree with their place',
    single,
    [
      ['[4/6] RUN npm test', null],
      ['[5/6] RUN npm ci', null],
      ['[2/6] FROM node', null],
      ['[7/6] RUN npm ci', null],
      ['[0/6] RUN npm ci', null],
      ['[build 4/6] RUN npm ci', null],
      ['exporting to image', null],
    ],
  ],
  [
    'several stages: a base of variables, a stage on a stage, and one on nothing',
    several,
    [
      ['[base 1/2] FROM docker.io/library/alpine:latest', '2-2'],
      ['[base 2/2] RUN a', '3-3'],
      // The root folder is counted and makes no step.
      ['[build 1/3] COPY . .', '7-7'],
      ['[build 2/3] RUN make all', '8-8'],
      ['[stage-2 1/2] COPY --from=build --chmod=0644 /out /', '11-11'],
      ['[stage-2 2/2] COPY --link a b', '12-12'],
      ['[stage-1 1/3] COPY . .', null],
      ['FROM docker.io/library/busybox:latest', null],
    ],
  ],
  [
    'triggers of an earlier stage: newer engines name and count them, older ones do neither',
    triggers,
    [
      ['[base 1/1] FROM docker.io/library/alpine', '1-1'],
      ['[stage-1 1/4] ONBUILD COPY . /srv', '2-2'],
      ['[stage-1 2/4] ONBUILD RUN make', '3-3'],
      ['[stage-1 4/4] RUN test', '6-6'],
      ['[stage-1 1/2] COPY . /srv', '2-2'],
      ['[stage-1 4/2] RUN test', '6-6'],
      // A trigger or an instruction?
      ['[stage-1 2/2] RUN make', null],
    ],
  ],
  [
    'a folder that may be the root',
    'FROM a\nWORKDIR $HOME\nRUN one\nRUN two $X\nRUN two $Y\n',
    [
      ['[2/5] WORKDIR /root', '2-2'],
      ['[3/5] RUN one', '3-3'],
      ['[2/5] RUN one', '3-3'],
      ['[4/5] RUN two 2', null],
    ],
  ],
  [
    'twelve steps: BuildKit writes places of equal width',
    `FROM a AS x\n${Array.from({ length: 11 }, (_, n) => `RUN ${n}\n`).join('')}FROM x\n`,
    [
      ['[x  2/12] RUN 0', '2-2'],
      ['[x 12/12] RUN 10', '12-12'],
    ],
  ],
])('%s', (_, dockerfile, steps) => {
  expect(
    places(
      dockerfile,
      steps.map(([step]) => step),
    ),
  ).toEqual(steps.map(([, at]) => at));
});

test('if base images may have triggers, only words that fit one instruction tell its place', () => {
  const dockerfile = 'FROM a\nRUN one\nRUN two\nRUN one\n';
  expect(places(dockerfile, ['[2/4] RUN one', '[4/4] RUN one'])).toEqual(['2-2', '4-4']);
  const steps = ['[1/4] FROM a', '[2/4] COPY . .', '[2/4] RUN one', '[4/4] RUN two'];
  expect(places(dockerfile, steps, true)).toEqual(['1-1', null, null, '3-3']);
});

test('what is no Dockerfile has no places', () => {
  expect(readOutline('hello\n')).toBeNull();
  expect(places('hello\n', ['[1/2] FROM a'])).toEqual([null]);
});

test.each([
  ['[1/2] FROM a', true],
  ['[build  3/12] COPY . .', true],
  ['[internal] load build context', false],
  ['exporting to image', false],
  ['FROM docker.io/library/busybox', false],
])('%s is an instruction: %s', (name, is) => {
  expect(isInstruction(name)).toBe(is);
});
