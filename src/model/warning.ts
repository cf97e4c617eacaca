/** Something that is no fault, but that somebody should know of a service. */
export interface Warning {
  readonly service: string;
  readonly message: string;
}
