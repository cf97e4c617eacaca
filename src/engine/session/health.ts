import { writeMessage } from '../bytes/wire.js';
import { unaryMethod, type SessionMethod } from './method.js';

const STATUS_FIELD = 1;
const SERVING = 1;

/**
 * The standard health check (https://github.com/grpc/grpc/blob/master/doc/health-checking.md). The engine sends it all the time (20.10:
 * after one second) and closes a session that does not answer. Its later requests to the session then fail.
 */
export const healthCheck: SessionMethod = unaryMethod('/grpc.health.v1.Health/Check', () =>
  writeMessage([[STATUS_FIELD, SERVING]]),
);
