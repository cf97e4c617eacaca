/** What a value of a run file may look like. What it means is checked later, after the files are merged. */
export type Shape =
  | { readonly kind: 'scalar' }
  /** A scalar, or a list of scalars. */
  | { readonly kind: 'scalarOrList' }
  | { readonly kind: 'list'; readonly of: Shape }
  /** A mapping of scalars, or a list of `NAME=value`. */
  | { readonly kind: 'keyValues' }
  /** A mapping with names that the author chooses. */
  | { readonly kind: 'named'; readonly of: Shape }
  /** A mapping with known keys. */
  | { readonly kind: 'keys'; readonly keys: Keys; readonly refused?: Refused; readonly open?: boolean }
  /** A short form, which is a scalar, or a long one. */
  | { readonly kind: 'shortOrLong'; readonly long: Shape }
  | { readonly kind: 'anything' };

export interface Key {
  /** What the key does, as one sentence of Markdown for the reference. */
  readonly about: string;
  readonly shape: Shape;
  /** An empty value means something. */
  readonly nullable?: boolean;
}

export type Keys = Readonly<Record<string, Key>>;
/** Keys that Compose knows and Slipway does not take → what to do instead. */
export type Refused = Readonly<Record<string, string>>;

export const scalar: Shape = { kind: 'scalar' };
export const scalars: Shape = { kind: 'list', of: scalar };
export const scalarOrList: Shape = { kind: 'scalarOrList' };
export const keyValues: Shape = { kind: 'keyValues' };
export const anything: Shape = { kind: 'anything' };
