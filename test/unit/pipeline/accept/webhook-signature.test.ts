import { createSignatureCheck } from '../../../../src/pipeline/accept/webhook-signature.js';
import { Secret } from '../../../../src/secret.js';
import { signature } from '../../../support/app.js';

const documented = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
const secret = new Secret("It's a Secret to Everybody");

const verifiedText = createSignatureCheck();

describe('a webhook signature', () => {
  test("of GitHub's own example fits", async () => {
    expect(await verifiedText(Buffer.from('Hello, World!'), documented, [secret])).toBe('Hello, World!');
  });

  test.each([
    ['first', [secret, new Secret('other')]],
    ['last', [new Secret('other'), new Secret('more'), secret]],
  ])('fits where its secret is the %s of several', async (_place, secrets) => {
    expect(await verifiedText(Buffer.from('Hello, World!'), documented, secrets)).toBe('Hello, World!');
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
    expect(await verifiedText(Buffer.from(body), signed, secrets)).toBeNull();
  });

  test('is over the byte order mark too', async () => {
    const body = Buffer.from('\ufeff{}');
    expect(await verifiedText(body, signature(body, secret.reveal()), [secret])).toBe('\ufeff{}');
  });

  test('of bytes that are not UTF-8 never fits', async () => {
    const body = Buffer.from([0xff, 0xfe]);
    expect(await verifiedText(body, signature(body, secret.reveal()), [secret])).toBeNull();
  });
});
