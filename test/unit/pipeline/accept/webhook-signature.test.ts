import { createSignatureCheck } from '../../../../src/pipeline/accept/webhook-signature.js';
import { Secret } from '../../../../src/secret.js';
import { signature } from '../../../support/app.js';
import { turnsDuring } from '../../../support/turns.js';

const isSigned = createSignatureCheck();
const documented = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
const secret = new Secret("It's a Secret to Everybody");

describe('a webhook signature', () => {
  test("of GitHub's own example fits", async () => {
    expect(await isSigned(Buffer.from('Hello, World!'), documented, [secret])).toBe(true);
  });

  test.each([
    ['first', [secret, new Secret('other')]],
    ['last', [new Secret('other'), new Secret('more'), secret]],
  ])('fits where its secret is the %s of several', async (_place, secrets) => {
    expect(await isSigned(Buffer.from('Hello, World!'), documented, secrets)).toBe(true);
  });

  test.each([
    ['another body', 'Hello, World', documented, [secret]],
    ['an empty body', '', signature('', secret.reveal()), [secret]],
    ['no signature', 'Hello, World!', null, [secret]],
    ['an empty signature', 'Hello, World!', '', [secret]],
    ['a signature without its algorithm', 'Hello, World!', documented.slice(7), [secret]],
    ['a signature of another length', 'Hello, World!', documented.slice(0, -1), [secret]],
    ['no secret', 'Hello, World!', documented, []],
  ])('does not fit: %s', async (_name, body, signed, secrets) => {
    expect(await isSigned(Buffer.from(body), signed, secrets)).toBe(false);
  });

  test('is over bytes that are not UTF-8', async () => {
    const body = Buffer.from([0x7b, 0xff, 0xfe, 0x7d]);
    expect(await isSigned(body, signature(body, secret.reveal()), [secret])).toBe(true);
    expect(await isSigned(Buffer.from('{\ufffd\ufffd}'), signature(body, secret.reveal()), [secret])).toBe(false);
  });

  test('is over the byte order mark too', async () => {
    const body = Buffer.from('\ufeff{}');
    expect(await isSigned(body, signature(body, secret.reveal()), [secret])).toBe(true);
  });

  test('of a large body is checked while other work goes on', async () => {
    const body = Buffer.alloc(24 * 1024 * 1024, 'a');
    const signed = signature(body, secret.reveal());
    const checks: Promise<boolean>[] = [];
    const turns = await turnsDuring(async () => {
      checks.push(isSigned(body, signed, [secret]), isSigned(body, documented, [secret]));
      await Promise.all(checks);
    });
    expect(await Promise.all(checks)).toEqual([true, false]);
    expect(turns).toBeGreaterThanOrEqual(40);
  });
});
