/** One call of the engine on our session. Messages and sending fail with `engine-unavailable` where the engine broke the call off. */
export interface SessionCall {
  /** Values of a metadata header in the order sent; empty where there is none. Names are lower-case. */
  metadata(name: string): readonly string[];
  /** The engine's messages. Ends when the engine has said all. */
  readonly messages: AsyncIterable<Buffer>;
  /** Sends one message; resolves when there is room for the next. */
  send(message: Buffer): Promise<void>;
  /** Sends several messages in one write. */
  sendAll(messages: readonly Buffer[]): Promise<void>;
  /** The call ends with gRPC's NOT_FOUND, which a caller takes for an answer and not for a failure. */
  notFound(): void;
}

/**
 * One gRPC method that a session serves. Calls may run side by side. A call ends well when `serve` resolves; where it rejects, the engine
 * is told that the call failed. Add a service to a session by adding its methods to the list that `openSession` is given.
 */
export interface SessionMethod {
  /** Full name, e.g. `/grpc.health.v1.Health/Check`. */
  readonly path: string;
  serve(call: SessionCall): Promise<void>;
}

/** A method that takes one message and answers with one; null: there is no such thing. */
export function unaryMethod(path: string, answer: (request: Buffer) => Buffer | null): SessionMethod {
  return {
    path,
    async serve(call) {
      for await (const request of call.messages) {
        const found = answer(request);
        if (found === null) call.notFound();
        else await call.send(found);
        return;
      }
    },
  };
}
