import fc from 'fast-check';

const codePoint = fc
  .oneof(
    fc.integer({ min: 0, max: 0xd7ff }),
    fc.integer({ min: 0xe000, max: 0x10ffff }),
    fc.integer({ min: 0, max: 0x7f }),
  )
  .map((point) => String.fromCodePoint(point));

/** Text of any Unicode characters. fast-check's own (`unit: 'binary'`) needs more than a second to get ready. */
export const anyText = (lengths: { readonly minLength?: number; readonly maxLength?: number } = {}) =>
  fc.string({ unit: codePoint, ...lengths });
