import { writeMessage } from '../wire.js';
import { unaryMethod, type SessionMethod } from './method.js';

const statusField = 1;
const serving = 1;

/**
 * The standard health check (https://github.com/grpc/grpc/blob/master/doc/health-checking.md). The engine asks for it all the time a
 * session is open (20.10: after one second) and closes a session that does not answer; whatever it wants from the session later then fails.
 */
export const healthCheck: SessionMethod = unaryMethod('/grpc.health.v1.Health/Check', () =>
  writeMessage([[statusField, serving]]),
);
