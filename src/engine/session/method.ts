/** One call of the engine on our session. Messages and sending fail with `engine-unavailable` if the engine ends the call. */
export interface SessionCall {
  /** Values of a metadata header in order, possibly none. Names are lower-case. */
  metadata(name: string): readonly string[];
  /** The engine's messages, until the engine has sent all. */
  readonly messages: AsyncIterable<Buffer>;
  /** Sends one message; resolves when there is room for the next. */
  send(message: Buffer): Promise<void>;
  /** Sends several messages in one write. */
  sendAll(messages: readonly Buffer[]): Promise<void>;
  /** Ends the call with gRPC's NOT_FOUND, which a caller treats as an answer. */
  notFound(): void;
}

/**
 * One gRPC method that a session serves. Calls may run in parallel. A call succeeds when `serve` resolves. If it rejects, the engine learns
 * that the call failed. To add a service, add its methods to the list for `openSession`.
 */
export interface SessionMethod {
  /** Full name, e.g. `/grpc.health.v1.Health/Check`. */
  readonly path: string;
  serve(call: SessionCall): Promise<void>;
}

/** A method with one request and one answer. Null: not found. */
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
