/** The inputs of a decision and of its build. With equal keys there is nothing to decide again. */
export interface Inputs {
  readonly head: string;
  /** Source kind and content of the packaging, or `missing`. */
  readonly packaging: string;
  readonly settings: string;
  /** Reference of each base that another service makes → the digest of its newest image. */
  readonly bases: Readonly<Record<string, string>>;
}
