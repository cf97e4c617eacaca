import { readdir, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { BuildCall } from '../../../src/operations/contract.js';
import { SlipwayError } from '../../../src/errors.js';
import { asBuilder, must, openTestApp, sha, tokens, type TestApp } from '../../support/app.js';

let server: TestApp;
beforeEach(async () => {
  server = await openTestApp();
});
afterEach(() => server.close());

const url = '/api/v1/builds';
const boundary = 'between-the-parts';
const field = (name: string, value: string) =>
  `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
const file = (name: string, filename: string, content: string) =>
  `--${boundary}\r\ncontent-disposition: form-data; name="${name}"; filename="${filename}"\r\n` +
  `content-type: application/octet-stream\r\n\r\n${content}\r\n`;
const end = `--${boundary}--\r\n`;
const formHeaders = { ...asBuilder, 'content-type': `multipart/form-data; boundary=${boundary}` };
const postForm = (...parts: string[]) =>
  server.app.inject({ method: 'POST', url, headers: formHeaders, payload: parts.join('') + end });
const postJson = (payload: object, headers = {}) =>
  server.app.inject({ method: 'POST', url, headers: { ...asBuilder, ...headers }, payload });
const kept = () => readdir(join(server.temp.dataDir, 'artifacts')).catch(() => []);
const called = () => must(server.operations.transcript[0]).argument as BuildCall;

describe("Jenkins' call in JSON", () => {
  test('answers 202 with the build and its address', async () => {
    const body = {
      service: 'java-service-1',
      branch: 'main',
      commit: sha('a'),
      version: '1.2',
      callbackUrl: 'https://ci/x',
    };
    const answer = await postJson(body, { 'idempotency-key': 'job-7' });
    expect([answer.statusCode, answer.headers.location]).toEqual([202, `/api/v1/builds/${answer.json().id}`]);
    expect(called()).toEqual({ ...body, artifact: null, idempotencyKey: 'job-7', by: 'builder' });
  });

  test('answers 200 with the decision where that is a skip', async () => {
    const reason = { code: 'no-change' as const, message: 'Nothing differs.', paths: [], patterns: [] };
    const decision = {
      service: 'java-service-1',
      branch: 'main',
      decision: 'skip' as const,
      reason,
      base: sha('a'),
      head: sha('a'),
    };
    server.operations.will({ call: async () => ({ decision: { ...decision, buildId: null } }) });
    const answer = await postJson({ service: 'java-service-1' });
    expect([answer.statusCode, answer.json()]).toEqual([200, { decision: { ...decision, buildId: null } }]);
  });

  test.each([
    ['no service', {}, 'service'],
    ['an unknown key', { service: 'java-service-1', commitId: 'a' }, 'commitId'],
    ['an artifact as text', { service: 'java-service-1', artifact: 'app.jar' }, 'artifact'],
    ['a number for a version', { service: 'java-service-1', version: 1 }, 'version'],
  ])('refuses %s', async (_name, body, name) => {
    const answer = await postJson(body);
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'invalid-request']);
    expect(answer.json().detail).toContain(name);
  });

  test('refuses no body, and an empty one', async () => {
    for (const headers of [asBuilder, { ...asBuilder, 'content-type': 'application/json' }]) {
      const answer = await server.app.inject({ method: 'POST', url, headers, payload: '' });
      expect([answer.statusCode, answer.json().code]).toEqual([400, 'invalid-request']);
    }
  });

  test('names the service that it does not know', async () => {
    expect((await postJson({ service: '__proto__' })).json().code).toBe('unknown-service');
  });

  test.each([
    ['idempotency-conflict', 409],
    ['callback-not-allowed', 422],
  ] as const)('that fails with %s answers %i', async (code, status) => {
    const call = async () => {
      throw new SlipwayError(code, 'No.');
    };
    server.operations.will({ call });
    expect((await postJson({ service: 'java-service-1' })).statusCode).toBe(status);
  });
});

describe("Jenkins' call as a form", () => {
  test('hands over the artifact, already on the disk', async () => {
    const answer = await postForm(
      field('service', 'java-service-1'),
      field('branch', 'main'),
      file('artifact', 'app.jar', 'the bytes'),
      field('commit', sha('a')),
      field('version', ''),
    );
    expect(answer.statusCode).toBe(202);
    const { artifact, ...rest } = called();
    expect(rest).toEqual({
      service: 'java-service-1',
      branch: 'main',
      commit: sha('a'),
      version: null,
      callbackUrl: null,
      idempotencyKey: null,
      by: 'builder',
    });
    expect(artifact).toMatchObject({ name: 'app.jar', size: 9 });
    expect(await readFile(join(server.temp.dataDir, must(artifact).file), 'utf8')).toBe('the bytes');
  });

  test('may be without a file', async () => {
    expect((await postForm(field('service', 'java-service-1'))).statusCode).toBe(202);
    expect(called().artifact).toBeNull();
  });

  test.each(['../../etc/passwd', 'a/b.jar', '..', '\\\\host\\app.jar', '/app.jar'])(
    'refuses a file called %s',
    async (name) => {
      const answer = await postForm(field('service', 'java-service-1'), file('artifact', name, 'x'));
      expect([answer.statusCode, answer.json().code]).toEqual([400, 'unsafe-path']);
      expect(await kept()).toEqual([]);
    },
  );

  test('takes an artifact of the limit, and refuses one byte more', async () => {
    const service = field('service', 'java-service-1');
    expect((await postForm(service, file('artifact', 'a.jar', 'x'.repeat(1000)))).statusCode).toBe(202);
    const over = await postForm(service, file('artifact', 'a.jar', 'x'.repeat(1001)));
    expect([over.statusCode, over.json().code]).toEqual([413, 'artifact-too-large']);
    const farOver = await postForm(service, file('artifact', 'a.jar', 'x'.repeat(5_000_000)));
    expect([farOver.statusCode, farOver.json().code]).toEqual([413, 'artifact-too-large']);
    expect(await kept()).toHaveLength(1);
  });

  test.each([
    ['without a service', [file('artifact', 'a.jar', 'x')]],
    ['with an unknown field', [field('service', 'java-service-1'), file('artifact', 'a.jar', 'x'), field('odd', '1')]],
    ['with a field twice', [field('service', 'a'), file('artifact', 'a.jar', 'x'), field('service', 'b')]],
    ['with two artifacts', [field('service', 'a'), file('artifact', 'a.jar', 'x'), file('artifact', 'b.jar', 'x')]],
    ['with a file of another name', [file('artifact', 'a.jar', 'x'), file('other', 'b.jar', 'x')]],
    ['with an artifact that is text', [field('service', 'java-service-1'), field('artifact', 'app.jar')]],
    [
      'with a poisoned field',
      [field('service', 'java-service-1'), file('artifact', 'a.jar', 'x'), field('__proto__', 'x')],
    ],
  ])('%s is refused and leaves no file behind', async (_name, parts) => {
    const answer = await postForm(...parts);
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'invalid-request']);
    expect(await kept()).toEqual([]);
  });

  test('that no build comes of leaves no file behind', async () => {
    const call = async () => {
      throw new SlipwayError('artifact-unexpected', 'It takes none.');
    };
    server.operations.will({ call });
    const answer = await postForm(field('service', 'java-service-1'), file('artifact', 'a.jar', 'x'));
    expect(answer.statusCode).toBe(422);
    expect(await kept()).toEqual([]);
  });

  test.each([
    ['no boundary', 'multipart/form-data', field('service', 'java-service-1') + end],
    ['nothing in it', formHeaders['content-type'], ''],
    [
      'a file that is cut off',
      formHeaders['content-type'],
      field('service', 'java-service-1') + file('artifact', 'a.jar', 'x').slice(0, -2),
    ],
  ])('with %s is refused', async (_name, type, payload) => {
    const answer = await server.app.inject({
      method: 'POST',
      url,
      headers: { ...asBuilder, 'content-type': type },
      payload,
    });
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'invalid-request']);
    expect(await kept()).toEqual([]);
  });

  test.each([
    ['within the file', field('service', 'java-service-1') + file('artifact', 'a.jar', 'x').slice(0, -2)],
    ['after the file', field('service', 'java-service-1') + file('artifact', 'a.jar', 'x')],
  ])('whose connection is lost %s starts nothing and leaves no file behind', async (_name, sent) => {
    const { port } = new URL(await server.app.listen({ port: 0, host: '127.0.0.1' }));
    const refused = new Promise((resolve) =>
      server.app.server.once('request', (_request, response) => response.once('close', resolve)),
    );
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      `POST ${url} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${tokens.build}\r\n` +
        `content-type: ${formHeaders['content-type']}\r\ncontent-length: 100000\r\n\r\n${sent}`,
    );
    while ((await kept()).length === 0) await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
    await refused;
    while ((await kept()).length > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(server.operations.transcript).toEqual([]);
  });

  test.each([
    ['is too large', file('artifact', 'a.jar', 'x'.repeat(1_000_000))],
    ['has a name that climbs', file('artifact', '../a.jar', 'x'.repeat(1_000_000))],
    ['follows a field that is given twice', field('service', 'b') + file('artifact', 'a.jar', 'x'.repeat(1_000_000))],
  ])('whose file %s is read to its end, so that the connection goes on', async (_name, sent) => {
    const { port } = new URL(await server.app.listen({ port: 0, host: '127.0.0.1' }));
    const body = field('service', 'java-service-1') + sent + end;
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      `POST ${url} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${tokens.build}\r\n` +
        `content-type: ${formHeaders['content-type']}\r\ncontent-length: ${body.length}\r\n\r\n${body}` +
        'GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n',
    );
    let answers = '';
    for await (const chunk of socket) answers += String(chunk);
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual([expect.stringMatching(/ 4\d\d$/), 'HTTP/1.1 200']);
  });
});
