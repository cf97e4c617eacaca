/** Regions and a Dockerfile that have drifted apart. */
export interface RegionDrift {
  readonly message: string;
  /** The instruction of the Dockerfile that reads what lies in no region. Null: it is not about one, or not known. */
  readonly dockerfile: { readonly path: string; readonly line: number } | null;
}

/** What was found at a commit of a branch. `rules`: the digest of the settings that it was found with. */
export interface RegionDriftOf {
  readonly service: string;
  readonly branch: string;
  readonly commit: string;
  readonly rules: string;
  readonly drift: readonly RegionDrift[];
}

/** Where regions and Dockerfiles had drifted apart when their branches were last looked at. */
export interface RegionDrifts {
  /** Replaces what was known of the branch. Nothing is stored if there is no drift. */
  note(found: RegionDriftOf): Promise<void>;
  of(service: string): Promise<readonly RegionDriftOf[]>;
  /** Of all services. */
  all(): Promise<readonly RegionDriftOf[]>;
}
