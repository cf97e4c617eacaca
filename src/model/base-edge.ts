/** A base image of a service's Dockerfile, on one of its branches, that another service (or another branch of it) makes. */
export interface BaseEdge {
  readonly service: string;
  readonly branch: string;
  /** `host/name:tag`, the tag always given. */
  readonly reference: string;
  /** The service that makes it. */
  readonly base: string;
  /** The branch whose tag it is; null where the tag is none of a branch, and so never moves. */
  readonly baseBranch: string | null;
}
