import { createTemplateContext, expand } from '../../../src/run-file/template.js';
import { faultsOf, parametersOf, reading, service, variablesOf } from './reading.js';

const given = { variables: { SET: 'value', EMPTY: '', DOLLAR: 'a$b' }, secrets: { PASSWORD: 's3cret$' } };

const expanded = (text: string) => expand(text, createTemplateContext(variablesOf(given)), new Set());

test.each([
  ['$SET ${SET} $$SET $1 $', 'value value $SET $1 $'],
  ['${GONE:-d}${GONE-d}${EMPTY:-d}${EMPTY-d}', 'ddd'],
  ['${SET:+i}${EMPTY:+i}${EMPTY+i}${GONE+i}', 'ii'],
  ['${SET:?m}${EMPTY?m}', 'value'],
  ['${GONE:-${EMPTY:-${SET}}}x', 'valuex'],
  ['${SET:-$GONE}${GONE:+$GONE}${SET:-${GONE:?m}}', 'value' + 'value'],
  ['${GONE:-{"a":1}}', '{"a":1}'],
  ['$DOLLAR ${GONE:-$DOLLAR}', 'a$b a$b'],
])('%j is %j', (text, value) => {
  expect(expanded(text)).toMatchObject({ value: { text: value, secret: false }, faults: [] });
});

test.each([
  ['$PASSWORD', 's3cret$', '${PASSWORD}'],
  ['a$$b:${PASSWORD}@$DOLLAR', 'a$b:s3cret$@a$b', 'a$$b:${PASSWORD}@a$$b'],
  ['${GONE:-x${PASSWORD}}', 'xs3cret$', 'x${PASSWORD}'],
  ['${PASSWORD:?m}', 's3cret$', '${PASSWORD}'],
])('%j keeps its secret as a variable', (text, value, written) => {
  expect(expanded(text).value).toEqual({ text: value, written, secret: true });
});

test('what only asks whether a secret is set is no secret', () => {
  expect(expanded('${PASSWORD:+with}').value).toEqual({ text: 'with', written: 'with', secret: false });
});

test.each([
  ['$GONE', 'variable-missing', 'The variable `GONE` is not set.'],
  ['${SETT}', 'variable-missing', 'The variable `SETT` is not set. Did you mean `SET`?'],
  ['${GONE?}', 'variable-missing', 'The variable `GONE` is not set.'],
  ['${EMPTY:?it is needed}', 'variable-missing', 'The variable `EMPTY` is not set: it is needed'],
  [
    '${GONE:?not ${SET} but $PASSWORD}',
    'variable-missing',
    'The variable `GONE` is not set: not value but ${PASSWORD}',
  ],
  ['${1}', 'run-file-invalid', '`${` begins no variable. Write `$$` for a `$` of the text.'],
  ['${}', 'run-file-invalid', '`${` begins no variable. Write `$$` for a `$` of the text.'],
  ['${SET', 'run-file-invalid', '`${` begins no variable. Write `$$` for a `$` of the text.'],
  ['${SET!x}', 'run-file-invalid', '`${` begins no variable. Write `$$` for a `$` of the text.'],
  ['${GONE:-a\nb}', 'run-file-invalid', '`${` begins no variable. Write `$$` for a `$` of the text.'],
])('%j is a fault', (text, code, message) => {
  expect(expanded(text).faults).toMatchObject([{ code, message }]);
});

test('every missing variable of a value is a fault, each once', () => {
  expect(expanded('$A $B $A').faults.map(({ variable }) => variable)).toEqual(['A', 'B']);
});

test('a missing variable names the setting', () => {
  expect(reading(service('user: $GONE')).faults).toEqual([
    {
      code: 'variable-missing',
      message: 'The variable `GONE` is not set.',
      file: 'compose.yaml',
      line: 3,
      column: 11,
      setting: 'environments.production.variables.GONE',
    },
  ]);
});

test.each(['{A: , GONE: }', '[A, GONE]'])('a name without a value takes the variable: %s', (written) => {
  const { faults } = reading(service(`environment: ${written}`), { variables: { A: '1' } });
  expect(faults).toMatchObject([
    {
      code: 'variable-missing',
      message: 'The variable `GONE` is not set.',
      setting: 'environments.production.variables.GONE',
    },
  ]);
  const { environment } = parametersOf(service(`environment: ${written}`), {
    variables: { A: 'x$y' },
    secrets: { GONE: 's3cret' },
  });
  expect(environment).toEqual({
    A: { value: 'x$y', secret: false, written: 'x$$y' },
    GONE: { value: 's3cret', secret: true, written: '${GONE}' },
  });
});

const alone = 'The variable `PASSWORD` is a secret, and secrets may be used in values of `environment` alone.';
test.each([
  'user: $PASSWORD',
  'command: [run, "${PASSWORD}"]',
  'labels: {a: $PASSWORD}',
  'user: "${PASSWORD:+x}"',
  'environment: ["$PASSWORD=x"]',
  'environment: ["$PASSWORD"]',
  'healthcheck: {test: "curl $PASSWORD"}',
  'ports: ["$PASSWORD:80"]',
  'mem_limit: $PASSWORD',
  'x-slipway: {verify: {headers: {a: $PASSWORD}}}',
])('a secret in %s is a fault that does not show it', (lines) => {
  const { faults } = reading(service(lines), given);
  expect(faults.map(({ message }) => message)).toEqual([alone]);
  expect(JSON.stringify(faults)).not.toContain('s3cret');
});

test.each(['{URL: "db:$PASSWORD"}', '["URL=db:$PASSWORD"]'])(
  'a value of environment may have a secret: %s',
  (written) => {
    const { environment } = parametersOf(service(`environment: ${written}`), given);
    expect(environment).toEqual({ URL: { value: 'db:s3cret$', secret: true, written: 'db:${PASSWORD}' } });
  },
);

test('an anchor with a secret counts where its alias is', () => {
  const text = `x-env: &env {A: $PASSWORD}\n${service('environment: *env')}`;
  expect(faultsOf(text, given)).toEqual([]);
  expect(faultsOf(`${text}    labels: *env\n`, given)).toEqual([`compose.yaml:1:17 ${alone}`]);
});
