import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import fastifyMultipart from '@fastify/multipart';
import { TypeBoxValidatorCompiler, type TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { fastify } from 'fastify';
import { auditRoutes, installAudit } from './api/audit.js';
import { installAuth } from './api/auth.js';
import { installBodies } from './api/bodies.js';
import { buildCallRoutes } from './api/build-call.js';
import { buildRoutes } from './api/builds.js';
import { answerBrokenRequest } from './api/broken-request.js';
import type { ApiDeps } from './api/deps.js';
import { decisionRoutes } from './api/decisions.js';
import { deliveryRoutes } from './api/deliveries.js';
import { installConnectionLimit, installOwnAnswers } from './api/connections.js';
import { deploymentCallRoutes } from './api/deployment-call.js';
import { deploymentRoutes } from './api/deployments.js';
import { installDocs } from './api/docs.js';
import { environmentActRoutes } from './api/environment-acts.js';
import { gateRoutes } from './api/gates.js';
import { environmentRoutes } from './api/environments.js';
import { eventRoutes } from './api/events.js';
import { frontRoutes } from './api/front.js';
import { graphRoutes } from './api/graph.js';
import { installKnownQuery } from './api/known-query.js';
import { healthRoutes } from './api/health.js';
import { createHeldRequests } from './api/held-requests.js';
import { installLastConnections } from './api/last-connections.js';
import { defaultLimits, type HttpLimits } from './api/limits.js';
import { logInRoutes } from './api/log-in.js';
import { ledgerRoutes } from './api/ledger.js';
import { lookRoutes } from './api/look.js';
import { meRoutes } from './api/me.js';
import { matrixRoutes } from './api/matrix.js';
import { overviewRoutes } from './api/overview.js';
import { installPageHeaders } from './api/page-headers.js';
import { installPages, pageRoutes } from './api/pages.js';
import { planRoutes } from './api/plan.js';
import { installProblems, sendProblem } from './api/problem.js';
import { installReceptions } from './api/reception.js';
import { rebuildRoutes } from './api/rebuild.js';
import { releaseRoutes } from './api/releases.js';
import { installRequestLog } from './api/request-log.js';
import type { App } from './api/route.js';
import { installSecurityHeaders } from './api/security-headers.js';
import { serviceLogRoutes } from './api/service-logs.js';
import { serviceRuleRoutes } from './api/service-rules.js';
import { serviceRoutes } from './api/services.js';
import { installSessions } from './api/session.js';
import { systemRoutes } from './api/system.js';
import { installTracing } from './api/tracing.js';
import { whereRoutes } from './api/where.js';
import { whyRoutes } from './api/why.js';
import { webhookRoutes } from './api/webhook.js';

const resources = [
  webhookRoutes,
  rebuildRoutes,
  buildCallRoutes,
  buildRoutes,
  releaseRoutes,
  deploymentCallRoutes,
  deploymentRoutes,
  environmentRoutes,
  serviceLogRoutes,
  whereRoutes,
  whyRoutes,
  environmentActRoutes,
  gateRoutes,
  matrixRoutes,
  overviewRoutes,
  serviceRoutes,
  serviceRuleRoutes,
  planRoutes,
  lookRoutes,
  graphRoutes,
  deliveryRoutes,
  ledgerRoutes,
  decisionRoutes,
  eventRoutes,
  auditRoutes,
  systemRoutes,
  meRoutes,
  logInRoutes,
  healthRoutes,
  frontRoutes,
  pageRoutes,
];

/** The HTTP server with every route; never listens. More routes may be registered before it is ready. */
export async function buildApp(deps: ApiDeps): Promise<App> {
  // Each open stream and waiting call listens to it.
  setMaxListeners(0, deps.stopping);
  const limits = { ...defaultLimits, ...deps.limits };
  const app = createServer(deps, limits);
  installConnectionLimit(app, limits.connections, deps);
  installLastConnections(app);
  installSecurityHeaders(app);
  await installPageHeaders(app, deps);
  await installPages(app, deps);
  if (deps.tracer) installTracing(app, deps.tracer, deps.clock);
  installRequestLog(app, deps.log);
  installReceptions(app, { clock: deps.clock, limits });
  installOwnAnswers(app);
  installProblems(app, deps.log);
  installAudit(app, deps);
  await installSessions(app, deps);
  installAuth(app, deps);
  installKnownQuery(app);
  app.decorate('held', createHeldRequests(limits.heldPerCaller));
  installBodies(app);
  await installUploads(app);
  await installDocs(app, deps);
  for (const routes of resources) routes(app, deps);
  return app;
}

function createServer({ log }: ApiDeps, { headersMs }: HttpLimits): App {
  const app = fastify({
    logger: false, // requests are logged in our own words (request-log.ts)
    genReqId: () => randomUUID(),
    http: {
      // Detects a client that vanished during an upload, so that its data is released.
      keepAlive: true,
      keepAliveInitialDelay: 60_000,
      // Bodies have their own time limit (reception.ts). Node's would be the same for an artifact.
      headersTimeout: headersMs,
      connectionsCheckingInterval: Math.ceil(headersMs / 4),
      requireHostHeader: false, // asked for in connections.ts
    },
    // Service names have up to 128 characters. Ids from others may be longer.
    routerOptions: { maxParamLength: 512 },
    exposeHeadRoutes: true, // probes and proxies ask so (RFC 9110, 9.1)
    // During the drain a kept connection still gets its route's answer.
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => {
      // No hook runs before this, so nothing watches the body.
      void reply.header('connection', 'close');
      void sendProblem(error, request, reply, log);
    },
    clientErrorHandler: answerBrokenRequest,
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  // Answers are built by render.ts and typed by their schemas. A value that an older version stored must not fail one.
  app.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  return app;
}

async function installUploads(app: App): Promise<void> {
  app.decorateRequest('upload', null);
  await app.register(fastifyMultipart, {
    // File size is checked while writing. A path in the name must reach the check that refuses it.
    limits: { files: 2, fields: 20, parts: 25, fieldSize: 16 * 1024, fileSize: Infinity },
    throwFileSizeLimit: false,
    preservePath: true,
  });
}
