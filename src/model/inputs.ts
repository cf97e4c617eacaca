/** What a decision looked at, and what a build is made from. Equal keys: nothing to look at again. */
export interface Inputs {
  readonly head: string;
  /** Source kind and content of the packaging; `missing` where no Dockerfile was found. */
  readonly packaging: string;
  readonly settings: string;
  /** Image reference of each base that another service makes → the digest of its newest image. */
  readonly bases: Readonly<Record<string, string>>;
}
