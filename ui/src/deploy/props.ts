/** What a deployment is asked for. */
export interface TicketProps {
  readonly service: string;
  /** Given: no other one can be chosen. */
  readonly environment?: string | undefined;
  /** Chosen at first. */
  readonly release?: number | undefined;
  /** Back to `release`, or to what was deployed before. Needs an environment. */
  readonly rollback?: boolean;
  /** Asks for an earlier deployment again, which brought `release`. */
  readonly again?: Again | undefined;
}

/** A deployment that is asked for again, with why it was asked for. */
export interface Again {
  readonly id: string;
  readonly tag: string | null;
  readonly reference: string | null;
  readonly reason: string | null;
}

/** What the form needs of the dialog around it. */
export interface TicketFrame {
  readonly titleId: string;
  readonly close: () => void;
}
