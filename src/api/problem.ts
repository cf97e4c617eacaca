import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { errorCodes, SlipwayError, type ErrorCode } from '../errors.js';
import type { Log } from '../log.js';
import { invalidRequest } from './invalid-request.js';
import { watchMethods } from './methods.js';
import { wantsPage } from './pages.js';
import type { App } from './route.js';
import type { ProblemJson } from './schemas.js';
import { securityHeaders } from './security-headers.js';

const mediaType = 'application/problem+json';

/** Answers every error, ours and Fastify's, in the form of RFC 9457, and logs it once. Browsers get the page instead where nothing is. */
export function installProblems(app: App, log: Log): void {
  app.setErrorHandler((error: FastifyError | SlipwayError, request, reply) => sendProblem(error, request, reply, log));
  const methodsAt = watchMethods(app);
  const answerNotFound = (request: FastifyRequest, reply: FastifyReply) => {
    const { method } = request;
    const known = methodsAt(path(request));
    if (known.length === 0) {
      const reads = method === 'GET' || method === 'HEAD';
      if (reads && app.pages.files !== null && wantsPage(request)) return app.pages.send(request, reply.status(404));
      return sendProblem(new SlipwayError('not-found', `There is no ${path(request)}.`), request, reply, log);
    }
    const message = `There is no ${method} ${path(request)}, only ${known.join(', ')}.`;
    // RFC 9110, 15.5.6: the answer must name the allowed methods.
    void reply.header('allow', known.join(', '));
    return sendProblem(new SlipwayError('method-not-allowed', message), request, reply, log);
  };
  app.setNotFoundHandler(answerNotFound);
  // Answered at once: the body of such a request is not needed.
  app.addHook('onRequest', (request, reply, done) => {
    if (request.is404) answerNotFound(request, reply);
    else done();
  });
}

/** Answers with an error; see `installProblems`. */
export function sendProblem(error: Error, request: FastifyRequest, reply: FastifyReply, log: Log): FastifyReply {
  const known = asKnown(error);
  logOnce(log, known, error, request);
  // The rest of the body would be read as the next request.
  if (known.code === 'request-timeout') void reply.header('connection', 'close');
  return reply
    .status(known.status)
    .headers(securityHeaders)
    .type(mediaType)
    .send(problem(known, path(request)));
}

/** The document of RFC 9457. An internal error shows only its code, because its message may reveal internals. */
export function problem(error: SlipwayError, instance?: string): ProblemJson {
  const { code, status, extra } = error;
  return {
    ...extra,
    type: `urn:slipway:problem:${code}`,
    title: errorCodes[code].meaning,
    status,
    detail: code === 'internal' ? 'The log has the particulars under this request id.' : error.message,
    code,
    instance,
  };
}

/** Maps codes of Fastify, its multipart reader and its check of sessions (https://fastify.dev/docs/latest/Reference/Errors/) to ours. */
const fastifyCodes: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'payload-too-large',
  FST_PARTS_LIMIT: 'payload-too-large',
  FST_FIELDS_LIMIT: 'payload-too-large',
  FST_FILES_LIMIT: 'payload-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
  FST_CSRF_MISSING_SECRET: 'csrf',
  FST_CSRF_INVALID_TOKEN: 'csrf',
};

/** Converts any error of the server, including Fastify's. */
export function asKnown(error: FastifyError | SlipwayError | Error): SlipwayError {
  if (error instanceof SlipwayError) return error;
  if ('validation' in error && error.validation) return invalidRequest(error.validation, error.validationContext);
  const status = 'statusCode' in error ? (error.statusCode ?? 500) : 500;
  const code = 'code' in error ? fastifyCodes[error.code] : undefined;
  const detail = { cause: error };
  if (code === 'csrf') return new SlipwayError(code, 'The header "x-csrf-token" is not that of the session.', detail);
  if (code) return new SlipwayError(code, error.message, detail);
  if (status >= 400 && status < 500) return new SlipwayError('invalid-request', error.message, detail);
  return new SlipwayError('internal', error.message, detail);
}

function logOnce(log: Log, known: SlipwayError, thrown: Error, request: FastifyRequest): void {
  const bindings = { request: request.id, method: request.method, path: path(request), code: known.code };
  if (known.code === 'internal') log.error({ ...bindings, err: thrown }, 'request failed unexpectedly');
  else if (known.status >= 500) log.warn({ ...bindings, err: known }, 'could not serve a request');
  else log.info({ ...bindings, detail: known.message }, 'request refused');
}

function path(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '/';
}
