/** A base image on one of a service's branches that another service (or another branch) makes. */
export interface BaseEdge {
  readonly service: string;
  readonly branch: string;
  /** `host/name:tag`, the tag always given. */
  readonly reference: string;
  readonly base: string;
  /** The branch that owns the tag. Null for a tag of no branch, which never moves. */
  readonly baseBranch: string | null;
}
