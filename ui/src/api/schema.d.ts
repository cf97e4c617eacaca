// Written by scripts/write-api-types.mjs from the OpenAPI document. Do not edit.

export interface paths {
    "/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What this is, and where the documents are
         * @description Needs no token. The first page for callers who accept `text/html` first.
         */
        get: operations["getFront"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who did what, when, and from where, newest first
         * @description Every call of scope build, deploy or admin that was made with a valid token, also if it was refused. Calls that only read are not listed. Bodies and queries are not kept: they may hold secrets.
         */
        get: operations["listAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/builds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Builds, newest first */
        get: operations["listBuilds"];
        put?: never;
        /**
         * Jenkins' call
         * @description With an artifact: builds it. Without one: looks again, and answers 200 with the decision where that is a skip.
         */
        post: operations["requestBuild"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/builds/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One build; with `wait`, when it has ended */
        get: operations["getBuild"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/builds/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop a build */
        post: operations["cancelBuild"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/builds/{id}/dockerfile": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The Dockerfile that a build used
         * @description Known once the build has read it, and kept as long as its log (`retention.logs`).
         */
        get: operations["getBuildDockerfile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/builds/{id}/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A build's log */
        get: operations["getBuildLog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/builds/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Build the same commit and artifact again */
        post: operations["retryBuild"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was decided, and why, newest first
         * @description Those of pushes, of the sweep, of changed base images and of people, each for one service and branch. `branch` is `refs/tags/NAME` for a git tag.
         */
        get: operations["listDecisions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What came in, newest first */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One delivery, with what was decided and why */
        get: operations["getDelivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Look again at what a delivery is about */
        post: operations["replayDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deployments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Deployments, newest first */
        get: operations["listDeployments"];
        put?: never;
        /**
         * The ticket: run a release of a service in an environment
         * @description Exactly one of `branch` (the newest release that covers its head, or the one that is being built), `commit` (the newest release that covers it), `version` (a version tag or git tag of the image), `release` (its number) and `from` (an environment: what is deployed there). `dryRun` answers with the plan and needs the scope `read` only. `force` deploys a release that is blocked. `faults` of a problem lists all that is wrong with a run file.
         */
        post: operations["requestDeployment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deployments/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One deployment; with `wait`, when it has ended */
        get: operations["getDeployment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deployments/{id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Approve a deployment
         * @description A token counts once, that of the requester never. An approval lapses after seven days. It counts for what the deployment is about to run: before its release is known, there is nothing to approve of, and nothing is noted.
         */
        post: operations["approveDeployment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deployments/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop a deployment
         * @description One that has begun goes back to what ran before.
         */
        post: operations["cancelDeployment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deployments/{id}/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A deployment's log */
        get: operations["getDeploymentLog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deployments/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Deploy the same release again with today's settings
         * @description Without `reference` and `reason`, those of the earlier deployment are taken over.
         */
        post: operations["retryDeployment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/environments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Environments in the order of promotion, with what runs there
         * @description What is desired, and what was seen last; no host is asked.
         */
        get: operations["listEnvironments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/environments/{environment}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One environment, with what runs there
         * @description What is desired, and what was seen last; no host is asked.
         */
        get: operations["getEnvironment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/environments/{environment}/hold": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Hold back deployments
         * @description Until the hold ends, deployments are prepared and wait, and nothing is repaired but hosts that were left out. A rollback, restart, stop or start goes on. Replaces the hold that there is.
         */
        put: operations["holdEnvironment"];
        post?: never;
        /** Lift the hold, if there is one */
        delete: operations["liftHold"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/environments/{environment}/hosts/{host}/containers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Containers of a host: ours in this environment, and foreign ones that hold ports or have our labels without our seal
         * @description What was seen last; the host is not asked. Needs a token, even if anonymous reading is allowed.
         */
        get: operations["listContainers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/environments/{environment}/services/{service}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Stop a service there for good; images are kept
         * @description `confirm`, in the body or the query, is the name of the service.
         */
        delete: operations["removeService"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/environments/{environment}/services/{service}/adopt-observed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make what runs there what should run
         * @description With the settings that it has; nothing is changed on the hosts. `force`: also a release that is blocked there, and containers that name this instance without its seal.
         */
        post: operations["adoptObserved"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/environments/{environment}/services/{service}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the containers of a service write
         * @description Each line is `<host> | …`. Secrets are `***`, control characters are escapes. A host that is away has a line that says so. Needs a token, even if anonymous reading is allowed.
         */
        get: operations["getServiceLogs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/environments/{environment}/services/{service}/restart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start its containers again */
        post: operations["restartService"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/environments/{environment}/services/{service}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Go back to a release that ran well there
         * @description To what is deployed while a deployment runs, which is canceled; else to what was deployed before; or to the verified `release`. Its image and run file with today's settings, or with `useKept` the containers that were kept, as they are. `dryRun` answers with the plan and needs the scope `read` only.
         */
        post: operations["rollBackService"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/environments/{environment}/services/{service}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start its containers after a stop */
        post: operations["startService"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/environments/{environment}/services/{service}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop its containers until it is started or deployed again */
        post: operations["stopService"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Changes as server-sent events
         * @description The first is `event: hello` with `{version, revision}`: the version of the server, and the `id:` of the newest event. `event: build` with `{id, service, branch, status}`, `step` with `{id, service, index, name, status}` (`id` is that of the build, `status` is `started` or `finished`), `queue` with `{running, queued}`, `delivery` with `{id, status}`, `deployment` with `{id, service, environment, status}`, `observation` with `{environment, host, reachable}`, `hold` with `{environment}`, `webhook` with `{}`: a ping was taken, or a webhook request was refused, `configuration` with `{}`: read the state again. `log` with `{id}` says that a build or deployment has more log, and is sent only to clients that name it.
         *
         *     An event comes if it passes each filter that is given. One that lacks a filtered field passes only if `types` names its type: `service=shop` brings no `delivery`, `service=shop&types=build,delivery` brings every one. While much changes, several changes of the same build, step, delivery, deployment or host come as the newest one.
         *
         *     Each but `log` has an `id:`. A client that connects again with the last one as `Last-Event-ID` gets what it missed and what passes its filters, the newest of each subject. If the server does not hold that any more, or was started again, it sends one `event: reset` instead: read the lists again. A client that does not read fast enough is disconnected, and one whose token or session is over.
         */
        get: operations["followEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/graph": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Which services stand on the images of which
         * @description As the Dockerfiles at the heads of their branches say, build arguments expanded.
         */
        get: operations["getGraph"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ledger": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What came in and what followed, newest first
         * @description Deliveries with how many services were built because of them, and between them the decisions that no delivery led to: of the sweep, of changed base images or settings, and of people. `result`: `built`, at least one build; `nothing`, looked at without a build; `waiting`, not looked at yet, or a service waits for its artifact.
         */
        get: operations["getLedger"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/look": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Look again at a repository
         * @description As a push would, without saying what has changed: for hooks that only tell that something has. Without `branch`: every known branch.
         */
        post: operations["look"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/matrix": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What runs where: every service in every environment, in one answer
         * @description What is desired, what was seen last, and how many releases it is behind; no host is asked. The answer has an `ETag`: send it as `If-None-Match`, and as long as nothing has changed the answer is 304. It is compressed for a client that takes gzip.
         */
        get: operations["getMatrix"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who calls, and what they may do
         * @description For pages and scripts that offer only what is allowed. The server decides at each call all the same.
         */
        get: operations["getMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every service with its main branch, in one answer
         * @description Made for a list of many services. Nothing is asked of the git host. The answer has an `ETag`: send it as `If-None-Match`, and as long as nothing has changed the answer is 304 and costs nothing. It is compressed for a client that takes gzip.
         */
        get: operations["getOverview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a push would get, building nothing */
        post: operations["plan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/releases/{service}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Releases of a service, newest first
         * @description A release is an image with the run file that belongs to it. Its number counts over all branches of the service.
         */
        get: operations["listReleases"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/releases/{service}/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One release */
        get: operations["getRelease"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/releases/{service}/{number}/compose": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The run file of a release as it is in force in an environment
         * @description A Compose file with everything written out: the image by its digest, defaults, and secrets as `${NAME}`. `faults` of a problem lists all that is wrong with a run file: code, message, file, line, column and setting. Needs a token even if reading is open to everybody.
         */
        get: operations["getEffectiveRunFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/services": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Services by name, with the heads that were decided on last
         * @description Without branches and git tags that their repository did not have when it was asked last.
         */
        get: operations["listServices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/services/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One service, with the heads that its repository has now
         * @description Without branches and git tags that its repository no longer has.
         */
        get: operations["getService"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/services/{name}/image": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The image that covers a commit
         * @description The commit's own image, or the one that the decision to skip it relied on. `tags` are those that name it now: a branch tag is left out once it names another image.
         */
        get: operations["getCoveringImage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/services/{name}/regions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether a change of a path would count for a service now
         * @description By the configuration in force, and by the packaging at the newest head of the main branch.
         */
        get: operations["tryPath"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/services/{name}/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What decides whether a service is built
         * @description The settings in force with their defaults, region drift, and base images. Nothing is asked of the git host.
         */
        get: operations["getServiceRules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/services/{name}/why/{commit}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Why a commit was built for a service, or was not
         * @description The newest decision about the commit, or the one that `decision` names. If it was pushed together with later ones, the decision about the last of them; `isHead` is then false. `unknown-decision`: nothing was decided about it, or the decision is not kept any more.
         */
        get: operations["why"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/services/{service}/where": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where a commit or version of a service runs, and why not
         * @description A commit runs where the commit of the running release is it, comes from it, or covers it. Answers with what was seen last; no host is asked.
         */
        get: operations["whereRuns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/system": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The state of Slipway itself
         * @description What it depends on, each with what to do; what it waits for; webhooks; disk; versions. `tokens` is for callers of scope `admin`.
         */
        get: operations["getSystem"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where webhooks are sent, and which were refused lately
         * @description As kept in memory since the server started. Nothing of a refused request is kept.
         */
        get: operations["getWebhooks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process answers, and its version */
        get: operations["isAlive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Metrics for Prometheus */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document */
        get: operations["getOpenApi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether everything that builds need is there, each by name
         * @description Needs no token. Messages are shown to callers who may read. `setAside`, `configuration`, `waiting` and `hosts` are always ok: their messages name what was set aside, a changed configuration that was not taken, what looks and builds wait for and until when, and hosts that are away.
         */
        get: operations["isReady"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rebuild/{service}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Build a service now
         * @description Builds for real: an existing image is not reused. The engine's layer cache is, unless `noCache`.
         */
        post: operations["rebuild"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ui/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who is logged in, for pages
         * @description Needs no token: without one, and without a session, the name is `anonymous`. A session goes on by this call alone: a page that stays open makes it once an hour.
         */
        get: operations["getSession"];
        put?: never;
        /**
         * Log in a browser with a token
         * @description The answer sets a cookie that scripts cannot read. A session ends after 12 hours without `GET /ui/session`, after 7 days, and as soon as its token is removed or changed. 10 attempts a minute may fail, for each address.
         */
        post: operations["logIn"];
        /**
         * Log out a browser
         * @description Removes the cookie. Needs `x-csrf-token` if there is a session.
         */
        delete: operations["logOut"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/github": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * GitHub's webhook
         * @description Signed over the raw bytes (`X-Hub-Signature-256`). A push or a pull request is answered once it is stored, before any work. A pull request gets a plan, and builds nothing.
         */
        post: operations["receiveWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description One run that makes, or reuses, an image. */
        Build: {
            /** @description From 1. */
            attempt: number;
            branch: string;
            commit: string;
            dockerfile: {
                commit: string | null;
                path: string;
                /** @enum {unknown} */
                source: "application" | "central";
            } | null;
            error: {
                /** @enum {unknown} */
                blame: "dockerfile" | "run-file" | "service" | "source" | "engine" | "host" | "balancer" | "registry" | "slipway";
                code: string;
                message: string;
                step: string | null;
                stepIndex: number | null;
            } | null;
            finishedAt: string | null;
            id: string;
            image: {
                digest: string;
                repository: string;
                /** @description Bare names, the version tag first. A build has those that it wrote; a branch tag may name another image by now. */
                tags: string[];
            } | null;
            notBefore: string | null;
            outcome: ("built" | "reused") | null;
            position: number | null;
            /** Format: date-time */
            queuedAt: string;
            reason: {
                code: string;
                message: string;
                /** @description The first 20. */
                paths: string[];
                patterns: string[];
            };
            reusedFrom: string | null;
            service: string;
            startedAt: string | null;
            /** @enum {unknown} */
            status: "queued" | "running" | "succeeded" | "failed" | "canceled" | "superseded";
            steps: {
                /** @description The engine had its result already. */
                cached: boolean;
                dockerfile: {
                    from: number;
                    to: number;
                } | null;
                finishedAt: string | null;
                /**
                 * @description Slipway's own work, an instruction of the Dockerfile, or other work of the engine.
                 * @enum {unknown}
                 */
                kind: "slipway" | "dockerfile" | "engine";
                line: number | null;
                name: string;
                /** @description Its work was taken over from an existing image, or an earlier attempt. */
                reused: boolean;
                /** Format: date-time */
                startedAt: string;
            }[];
            traceId?: string | null;
            trigger: {
                by: string | null;
                deliveryId: string | null;
                /** @enum {unknown} */
                kind: "push" | "packaging" | "base-image" | "settings" | "api" | "manual" | "sweep" | "retry";
            };
            /** @description Once it is known. `from`: `the call`, `version.value`, or the file in the repository; null if nothing states one. */
            version?: {
                from: string | null;
                value: string;
            };
            waitingFor: {
                /** @description `service-busy`, `base-building`, `burst`, `slot`, `low-disk`, `paused`, or the error code that is waited out. */
                code: string;
                message: string;
                until: string | null;
            } | null;
            /** @description What somebody should know of it. */
            warnings: {
                message: string;
                service: string;
            }[];
            wasHead: boolean | null;
        };
        /** @description What was decided for one service and branch, and why. */
        Decision: {
            base: string | null;
            branch: string;
            buildId: string | null;
            /** @enum {unknown} */
            decision: "build" | "skip";
            head: string | null;
            reason: {
                code: string;
                message: string;
                /** @description The first 20. */
                paths: string[];
                patterns: string[];
            };
            service: string;
        };
        /** @description One webhook request, kept with its decisions. */
        Delivery: {
            after: string | null;
            before: string | null;
            branch: string | null;
            decisions: components["schemas"]["Decision"][];
            event: string;
            id: string;
            reason: string | null;
            /** Format: date-time */
            receivedAt: string;
            repository: string | null;
            /** @enum {unknown} */
            status: "accepted" | "planned" | "ignored" | "failed";
            /** @description Why it has not begun. `until`: when it is tried again; null: when the cause is gone. */
            waitingFor?: {
                /** @description `service-busy`, `base-building`, `burst`, `slot`, `low-disk`, `paused`, or the error code that is waited out. */
                code: string;
                message: string;
                until: string | null;
            };
            /** @description Left out where there are none. */
            warnings?: {
                message: string;
                service: string;
            }[];
        };
        /** @description One request to run a release in an environment, with its history. */
        Deployment: {
            approvals: {
                /** Format: date-time */
                at: string;
                by: string;
            }[];
            /** Format: date-time */
            createdAt: string;
            environment: string;
            error: {
                /** @enum {unknown} */
                blame: "dockerfile" | "run-file" | "service" | "source" | "engine" | "host" | "balancer" | "registry" | "slipway";
                code: string;
                /** @description All that is wrong with a run file. `setting`: what the configuration would have to allow or set. */
                faults?: {
                    code: string;
                    column: number;
                    file: string;
                    line: number;
                    message: string;
                    setting: string | null;
                }[];
                host: string | null;
                message: string;
            } | null;
            finishedAt: string | null;
            force: boolean;
            from: {
                digest: string;
                number: number;
                tag: string | null;
            } | null;
            hosts: {
                host: string;
                /** @enum {unknown} */
                state: "waiting" | "preparing" | "verifying" | "ready" | "active" | "draining" | "done" | "undone" | "failed";
                /** @description Each distinct answer once. */
                verifications: {
                    answer: string | null;
                    /** Format: date-time */
                    at: string;
                    expected: string;
                    ok: boolean;
                    status: number | null;
                    url: string;
                    /** @enum {unknown} */
                    via: "host" | "balancer";
                }[];
            }[];
            id: string;
            /** @enum {unknown} */
            kind: "deployment" | "rollback" | "repair" | "restart" | "stop" | "start" | "adopt";
            reason: string | null;
            reference: string | null;
            release: {
                branch: string;
                commit: string;
                digest: string;
                number: number;
                tag: string | null;
            } | null;
            requestedBy: string;
            service: string;
            startedAt: string | null;
            /** @enum {unknown} */
            status: "pending" | "running" | "succeeded" | "failed" | "rolled-back" | "canceled" | "superseded";
            steps: {
                /** @description It ended with an error. One that was stopped from outside did not fail. */
                failed: boolean;
                finishedAt: string | null;
                host: string | null;
                line: number | null;
                name: string;
                /** Format: date-time */
                startedAt: string;
            }[];
            traceId?: string | null;
            waitingFor: {
                /** @description `build`, `hold`, `approval`, `window`, `deployment`, `slot`, `host`, `registry`, or the error code that is waited out. */
                code: string;
                message: string;
                until: string | null;
            } | null;
            warnings: string[];
        };
        /** @description A decision with when it was made and what led to it. */
        ListedDecision: {
            /** Format: date-time */
            at: string;
            base: string | null;
            branch: string;
            buildId: string | null;
            coveredBy: string | null;
            /** @enum {unknown} */
            decision: "build" | "skip";
            head: string | null;
            /** @description Newer ones have greater ids. */
            id: number;
            reason: {
                code: string;
                message: string;
                /** @description The first 20. */
                paths: string[];
                patterns: string[];
            };
            service: string;
            trigger: {
                by: string | null;
                deliveryId: string | null;
                /** @enum {unknown} */
                kind: "push" | "packaging" | "base-image" | "settings" | "api" | "manual" | "sweep" | "retry";
            };
        };
        /** @description What runs where: every service in every environment. */
        Matrix: {
            /** @description In the order of promotion. */
            environments: {
                /** @description How many tokens have to approve a deployment, besides the one that asked. */
                approvals: number;
                hold: {
                    by: string;
                    reason: string;
                    until: string | null;
                } | null;
                /** @description `reachable`, and `since` when. Null: the host was not asked yet. `observedAt`: when its containers were seen last. */
                hosts: {
                    address: string;
                    name: string;
                    observedAt: string | null;
                    reachable: boolean | null;
                    since: string | null;
                }[];
                name: string;
                window: {
                    closesAt: string | null;
                    open: boolean;
                    opensAt: string | null;
                } | null;
            }[];
            orphaned: {
                environment: string;
                services: string[];
            }[];
            /** @description By name. */
            services: {
                /** @description By environment, in their order: those that it has to do with. */
                cells: {
                    behind: number | null;
                    desired: {
                        branch: string;
                        by: string | null;
                        commit: string;
                        deploymentId: string;
                        digest: string;
                        release: number;
                        /** Format: date-time */
                        since: string;
                        tag: string | null;
                        /** @enum {unknown} */
                        wanted: "running" | "stopped";
                    } | null;
                    environment: string;
                    hosts: {
                        /** @description The fields that are not as desired. */
                        drift: string[];
                        host: string;
                        release: number | null;
                        startedAt: string | null;
                        /** @enum {unknown} */
                        state: "running" | "restarting" | "exited" | "created" | "missing" | "unknown";
                        tag: string | null;
                        unhealthy: boolean;
                    }[];
                    /** @description Hosts that run what is desired, with nothing that differs. */
                    inStep: number;
                    last: {
                        /** Format: date-time */
                        at: string;
                        /** @description That release is blocked there: it failed, or somebody rolled back from it. */
                        blocked: boolean;
                        by: string;
                        id: string;
                        /** @enum {unknown} */
                        kind: "deployment" | "rollback" | "repair" | "restart" | "stop" | "start" | "adopt";
                        release: {
                            number: number;
                            tag: string | null;
                        } | null;
                        /** @enum {unknown} */
                        status: "pending" | "running" | "succeeded" | "failed" | "rolled-back" | "canceled" | "superseded";
                    } | null;
                    /** @description The configuration does not deploy it there any more. */
                    orphaned: boolean;
                    /** @description Fields that the next deployment changes, because the configuration has. */
                    pending: number;
                    /** @description Hosts that should run it. */
                    total: number;
                }[];
                service: string;
            }[];
        };
        /** @description Every service with its main branch. */
        Overview: {
            /** @description Services by state. Those that are canceled or superseded are in none of them. */
            counts: {
                failing: number;
                none: number;
                queued: number;
                running: number;
                upToDate: number;
                waitsForArtifact: number;
            };
            /** @description Builds of all branches. */
            load: {
                queued: number;
                running: number;
            };
            /** @description Changes whenever the answer may. The `ETag` is made of it. */
            revision: string;
            /** @description All of them, by name. */
            services: components["schemas"]["OverviewRow"][];
        };
        /** @description A service as a list shows it. */
        OverviewRow: {
            at: string | null;
            branch: string | null;
            buildId: string | null;
            commit: string | null;
            digest: string | null;
            /** @description Regions and Dockerfile have drifted apart. */
            drift: boolean;
            expectedMs: number | null;
            head: string | null;
            name: string;
            /** @description Oldest first: `b` built, `r` reused, `f` failed, `c` canceled, `s` superseded, `-` nothing to build. */
            outcomes: string;
            repository: string;
            /** @description Why it was built or not, where it failed, or what it waits for. */
            sentence: string;
            startedAt: string | null;
            /**
             * @description `skipped`: nothing to build. `failed` stays until something is built. `none`: never built.
             * @enum {unknown}
             */
            state: "built" | "reused" | "running" | "queued" | "failed" | "canceled" | "superseded" | "skipped" | "waits-for-artifact" | "none";
            step: string | null;
            tag: string | null;
        };
        /** @description RFC 9457. */
        Problem: {
            /** @description Stable; what a program branches on. */
            code: string;
            detail: string;
            instance?: string;
            status: number;
            title: string;
            type: string;
        } & {
            [key: string]: unknown;
        };
        /** @description An image with the run file that belongs to it. Immutable. */
        Release: {
            /** @description Or `refs/tags/NAME`. */
            branch: string;
            buildId: string | null;
            commit: string;
            /** Format: date-time */
            createdAt: string;
            image: {
                digest: string;
                repository: string;
                /** @description Those that it had when the release was made, the version tag first. */
                tags: string[];
            };
            /** @description Counts over all branches of the service: 1, 2, 3 … */
            number: number;
            runFile: {
                commit: string | null;
                /** @description The environments that have an overlay beside it. */
                overlays: string[];
                path: string | null;
                /** @enum {unknown} */
                source: "application" | "central" | "none";
            };
            service: string;
            /** @description Whether it was verified in each environment, and if not, why. */
            verdicts: {
                at: string | null;
                code: string | null;
                deploymentId: string | null;
                environment: string;
                /** @enum {unknown} */
                verdict: "verified" | "failed" | "unknown";
            }[];
        };
        /** @description A service with what is known of its branches. */
        Service: {
            branches: {
                branch: string;
                head: string | null;
                image: {
                    digest: string;
                    repository: string;
                    /** @description Bare names, the version tag first. A build has those that it wrote; a branch tag may name another image by now. */
                    tags: string[];
                } | null;
                lastBuild: components["schemas"]["Build"] | null;
                /** @description Where regions and Dockerfile had drifted apart when the branch was last looked at. */
                warnings: {
                    dockerfile: {
                        /** @description From 1. */
                        line: number;
                        path: string;
                    } | null;
                    message: string;
                }[];
            }[];
            /** @description Repository name in the registry. */
            image: string;
            name: string;
            path: string;
            repository: string;
            /** @enum {unknown} */
            trigger: "push" | "artifact";
        };
        /** @description A decision with everything that explains it. */
        Why: {
            /** @description False: the configuration in force sorts the paths otherwise than the decision did. */
            asDecided: boolean;
            /** @description For a build that a base image led to: the builds of bases, from the first cause. */
            chain: {
                at: string | null;
                branch: string;
                buildId: string;
                service: string;
                tag: string | null;
            }[];
            /** @description The commit that was asked about, in full. */
            commit: string;
            compared: {
                base: string;
                baseTag: string | null;
                head: string;
                /** @description How many differ. */
                paths: number;
                url: string | null;
            } | null;
            coveredBy: {
                buildId: string;
                image: {
                    digest: string;
                    repository: string;
                    /** @description Bare names, the version tag first. A build has those that it wrote; a branch tag may name another image by now. */
                    tags: string[];
                };
            } | null;
            decision: components["schemas"]["ListedDecision"];
            /** @description False: it was pushed together with later ones, and the decision is about the last of them. */
            isHead: boolean;
            /** @description The rules in the order in which they are asked. The first that holds decides. */
            ladder: {
                /** @enum {unknown} */
                held: "yes" | "no" | "not-asked";
                note: string | null;
                /** @description The code of the reason that it gives. */
                rule: string;
                words: string;
            }[];
            /** @description The other decisions about the commit of the decision, newest first: the first 100. */
            others: components["schemas"]["ListedDecision"][];
            /** @description The first 50 that differ, those that count first, as the configuration in force sorts them. */
            paths: {
                by: string | null;
                /** @description Whether a change of it counts for the service. */
                counts: boolean;
                /**
                 * @description `outside`: in no included region. `run-file`: it makes releases, and no image.
                 * @enum {unknown}
                 */
                kind: "included" | "packaging" | "excluded" | "run-file" | "outside";
                path: string;
                setting: string | null;
            }[];
            /** @description The decisions of the same push about other services, builds first: the first 100. */
            samePush: components["schemas"]["ListedDecision"][];
            /** @description How many there are in all. */
            samePushCount: number;
            /** @description What became of it, and why. */
            sentence: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getFront: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Name and version of the server, and the addresses of the documents. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        about: string;
                        docs: string;
                        /** @enum {string} */
                        name: "Slipway";
                        openapi: string;
                        ready: string;
                        version: string;
                    };
                    "text/html": string;
                };
            };
        };
    };
    listAudit: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before. */
                cursor?: string;
                /** @description Maximum number of items. Default: 50. */
                limit?: number;
                /** @description That time or later. */
                since?: string;
                /** @description Name of a token. */
                token?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        entries: {
                            /** @description Where the connection came from: behind a proxy, the proxy. */
                            address: string;
                            /** Format: date-time */
                            at: string;
                            /** @description Name of the token. */
                            by: string;
                            method: string;
                            parameters: {
                                [key: string]: string;
                            };
                            /** @description Its parameters are written as `:name`. */
                            route: string;
                            /** @enum {unknown} */
                            scope: "build" | "deploy" | "admin";
                            /** @description HTTP status of the answer. */
                            status: number;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    listBuilds: {
        parameters: {
            query?: {
                branch?: string;
                /** @description Commit id, in full or its beginning: at least four digits. */
                commit?: string;
                /** @description `nextCursor` of the page before. */
                cursor?: string;
                /** @description Maximum number of items. Default: 50. */
                limit?: number;
                /** @description owner/name, in any case. */
                repository?: string;
                service?: string;
                status?: "queued" | "running" | "succeeded" | "failed" | "canceled" | "superseded";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        builds: components["schemas"]["Build"][];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    requestBuild: {
        parameters: {
            query?: never;
            header?: {
                /** @description A call that comes again with its key is answered as before, and starts nothing. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    branch?: string | null;
                    callbackUrl?: string | null;
                    commit?: string | null;
                    service: string;
                    version?: string | null;
                };
                "multipart/form-data": {
                    /** Format: binary */
                    artifact?: string;
                    branch?: string | null;
                    callbackUrl?: string | null;
                    commit?: string | null;
                    service: string;
                    version?: string | null;
                };
            };
        };
        responses: {
            /** @description Nothing to build, and why. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        decision: components["schemas"]["Decision"];
                    };
                };
            };
            /** @description Queued; `Location` is its address. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Build"];
                };
            };
        };
    };
    getBuild: {
        parameters: {
            query?: {
                /** @description Seconds to wait for the end; the answer comes then, ended or not. */
                wait?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One run that makes, or reuses, an image. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Build"];
                };
            };
        };
    };
    cancelBuild: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One run that makes, or reuses, an image. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Build"];
                };
            };
        };
    };
    getBuildDockerfile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its text. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
    getBuildLog: {
        parameters: {
            query?: {
                /** @description Go on until the end. */
                follow?: boolean;
                /** @description `text` (default): the text alone. `chunks`: one JSON object a line, `{"number", "at", "step", "text"}`: when it was written, and by which step (index in `steps`). Null: it is not known, or no step wrote it. */
                format?: "text" | "chunks";
                /** @description Number of the chunk to begin with. Default: 0, the first one. */
                from?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The log so far, or live. Without `follow`, the header `Slipway-Log-Next` has the number of the chunk that comes next: `from` of a later call. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                    "text/plain": string;
                };
            };
        };
    };
    retryBuild: {
        parameters: {
            query?: never;
            header?: {
                /** @description A call that comes again with its key is answered as before, and starts nothing. */
                "idempotency-key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One run that makes, or reuses, an image. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Build"];
                };
            };
        };
    };
    listDecisions: {
        parameters: {
            query?: {
                branch?: string;
                /** @description Commit id, in full or its beginning: at least four digits. */
                commit?: string;
                /** @description `nextCursor` of the page before. */
                cursor?: string;
                /** @description Id of a delivery: all of its decisions, whatever else is asked for. */
                delivery?: string;
                /** @description Maximum number of items. Default: 50. */
                limit?: number;
                service?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        decisions: components["schemas"]["ListedDecision"][];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    listDeliveries: {
        parameters: {
            query?: {
                /** @description Commit id, in full or its beginning: at least four digits. */
                commit?: string;
                /** @description `nextCursor` of the page before. */
                cursor?: string;
                /** @description Maximum number of items. Default: 50. */
                limit?: number;
                /** @description owner/name, in any case. */
                repository?: string;
                status?: "accepted" | "planned" | "ignored" | "failed";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        deliveries: components["schemas"]["Delivery"][];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    getDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One webhook request, kept with its decisions. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
        };
    };
    replayDelivery: {
        parameters: {
            query?: never;
            header?: {
                /** @description A call that comes again with its key is answered as before, and starts nothing. */
                "idempotency-key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it was; the look is yet to come. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
        };
    };
    listDeployments: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before. */
                cursor?: string;
                environment?: string;
                /** @description Maximum number of items. Default: 50. */
                limit?: number;
                service?: string;
                status?: "pending" | "running" | "succeeded" | "failed" | "rolled-back" | "canceled" | "superseded";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        deployments: components["schemas"]["Deployment"][];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    requestDeployment: {
        parameters: {
            query?: never;
            header?: {
                /** @description A call that comes again with its key is answered as before, and starts nothing. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    adopt?: string[] | null;
                    branch?: string | null;
                    callbackUrl?: string | null;
                    commit?: string | null;
                    dryRun?: boolean | null;
                    environment: string;
                    force?: boolean | null;
                    from?: string | null;
                    reason?: string | null;
                    reference?: string | null;
                    release?: number | null;
                    service: string;
                    version?: string | null;
                };
            };
        };
        responses: {
            /** @description With `dryRun`: what would be done. Nothing is recorded. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Those that come with the release, newest first, at most 100. */
                        commits: {
                            /** Format: date-time */
                            at: string;
                            commit: string;
                            subject: string;
                        }[];
                        drift: {
                            field: string;
                            found: string | null;
                            host: string;
                            wanted: string | null;
                        }[];
                        environment: string;
                        /** @description All that is wrong with a run file. `setting`: what the configuration would have to allow or set. */
                        faults: {
                            code: string;
                            column: number;
                            file: string;
                            line: number;
                            message: string;
                            setting: string | null;
                        }[];
                        /** @description What would hold it back now. `until`: when that ends by itself. */
                        gates: {
                            /** @enum {unknown} */
                            code: "hold" | "approval" | "window";
                            message: string;
                            until: string | null;
                        }[];
                        hosts: {
                            /**
                             * @description `unknown`: the host is not reachable, or the run file has faults.
                             * @enum {unknown}
                             */
                            action: "none" | "create" | "replace" | "unknown";
                            host: string;
                            image: {
                                from: string | null;
                                to: string | null;
                            };
                            interruptionSeconds: number | null;
                            /** @description Those that differ from what was deployed last; all that are set if nothing runs. */
                            parameters: {
                                from: string | null;
                                name: string;
                                origin: {
                                    commit: string | null;
                                    /** @enum {unknown} */
                                    kind: "file" | "environment" | "service" | "default";
                                    line: number | null;
                                    path: string | null;
                                } | null;
                                secret: boolean;
                                to: string | null;
                            }[];
                        }[];
                        release: number;
                        rollbackTo: number | null;
                        service: string;
                        warnings: string[];
                    };
                };
            };
            /** @description Pending; `Location` is its address. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deployment"];
                };
            };
        };
    };
    getDeployment: {
        parameters: {
            query?: {
                /** @description Seconds to wait for the end; the answer comes then, ended or not. */
                wait?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One request to run a release in an environment, with its history. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deployment"];
                };
            };
        };
    };
    approveDeployment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One request to run a release in an environment, with its history. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deployment"];
                };
            };
        };
    };
    cancelDeployment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One request to run a release in an environment, with its history. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deployment"];
                };
            };
        };
    };
    getDeploymentLog: {
        parameters: {
            query?: {
                /** @description Go on until the end. */
                follow?: boolean;
                /** @description `text` (default): the text alone. `chunks`: one JSON object a line, `{"number", "at", "step", "text"}`: when it was written, and by which step (index in `steps`). Null: it is not known, or no step wrote it. */
                format?: "text" | "chunks";
                /** @description Number of the chunk to begin with. Default: 0, the first one. */
                from?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The log so far, or live. Without `follow`, the header `Slipway-Log-Next` has the number of the chunk that comes next: `from` of a later call. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                    "text/plain": string;
                };
            };
        };
    };
    retryDeployment: {
        parameters: {
            query?: never;
            header?: {
                /** @description A call that comes again with its key is answered as before, and starts nothing. */
                "idempotency-key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    force?: boolean | null;
                    reason?: string | null;
                    reference?: string | null;
                };
            };
        };
        responses: {
            /** @description One request to run a release in an environment, with its history. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deployment"];
                };
            };
        };
    };
    listEnvironments: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before. */
                cursor?: string;
                /** @description Maximum number of items. Default: 50. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        environments: {
                            /** @description How many tokens have to approve a deployment, besides the one that asked. */
                            approvals: number;
                            /** @enum {unknown} */
                            gate: "switch" | "start";
                            hold: {
                                by: string;
                                reason: string;
                                until: string | null;
                            } | null;
                            /** @description `reachable`, and `since` when. Null: the host was not asked yet. `observedAt`: when its containers were seen last. */
                            hosts: {
                                address: string;
                                name: string;
                                observedAt: string | null;
                                reachable: boolean | null;
                                since: string | null;
                            }[];
                            name: string;
                            /** @description Hosts that a release was deployed to and that have left the configuration. */
                            orphanedHosts: string[];
                            /** @description Those that are deployed here by the configuration, those that are desired, and those whose containers are here. */
                            services: {
                                deploymentId: string | null;
                                desired: {
                                    release: number;
                                    tag: string | null;
                                } | null;
                                hosts: {
                                    balancer: ("active" | "drained" | "down" | "unknown") | null;
                                    containerId: string | null;
                                    digest: string | null;
                                    /** @description Fields that are not as desired, such as `image`, `state` (of the container, or `missing`), `mem_limit`, `environment.NAME`; `does-not-stay-up`: three repairs in ten minutes did not help. `unknown-deployment`: the database does not know it. Null: not set; for parameters also if the caller has no token. */
                                    drift: {
                                        field: string;
                                        found: string | null;
                                        wanted: string | null;
                                    }[];
                                    health: ("starting" | "healthy" | "unhealthy") | null;
                                    host: string;
                                    lastExit: {
                                        /** Format: date-time */
                                        at: string;
                                        code: number;
                                        oom: boolean;
                                    } | null;
                                    release: number | null;
                                    restarts: number;
                                    startedAt: string | null;
                                    /**
                                     * @description `unknown`: the host is not reachable, or was not asked yet; the other fields are those that were seen last. `missing`: the host has no container of the service.
                                     * @enum {unknown}
                                     */
                                    state: "running" | "restarting" | "exited" | "created" | "missing" | "unknown";
                                    tag: string | null;
                                }[];
                                /** @description The configuration does not deploy it here any more. What runs of it is left as it is. */
                                orphaned: boolean;
                                /** @description What the next deployment changes, because the configuration has changed. Null: not set, or the caller has no token. */
                                pending: {
                                    field: string;
                                    next: string | null;
                                    now: string | null;
                                    secret: boolean;
                                }[];
                                /** @description Hosts that run it, and that should. */
                                scale: {
                                    running: number;
                                    wanted: number;
                                };
                                service: string;
                            }[];
                            /** @enum {unknown} */
                            strategy: "rolling" | "blue-green";
                            window: {
                                closesAt: string | null;
                                open: boolean;
                                opensAt: string | null;
                            } | null;
                        }[];
                        nextCursor: string | null;
                        orphaned: {
                            environment: string;
                            services: string[];
                        }[];
                    };
                };
            };
        };
    };
    getEnvironment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description How many tokens have to approve a deployment, besides the one that asked. */
                        approvals: number;
                        /** @enum {unknown} */
                        gate: "switch" | "start";
                        hold: {
                            by: string;
                            reason: string;
                            until: string | null;
                        } | null;
                        /** @description `reachable`, and `since` when. Null: the host was not asked yet. `observedAt`: when its containers were seen last. */
                        hosts: {
                            address: string;
                            name: string;
                            observedAt: string | null;
                            reachable: boolean | null;
                            since: string | null;
                        }[];
                        name: string;
                        /** @description Hosts that a release was deployed to and that have left the configuration. */
                        orphanedHosts: string[];
                        /** @description Those that are deployed here by the configuration, those that are desired, and those whose containers are here. */
                        services: {
                            deploymentId: string | null;
                            desired: {
                                release: number;
                                tag: string | null;
                            } | null;
                            hosts: {
                                balancer: ("active" | "drained" | "down" | "unknown") | null;
                                containerId: string | null;
                                digest: string | null;
                                /** @description Fields that are not as desired, such as `image`, `state` (of the container, or `missing`), `mem_limit`, `environment.NAME`; `does-not-stay-up`: three repairs in ten minutes did not help. `unknown-deployment`: the database does not know it. Null: not set; for parameters also if the caller has no token. */
                                drift: {
                                    field: string;
                                    found: string | null;
                                    wanted: string | null;
                                }[];
                                health: ("starting" | "healthy" | "unhealthy") | null;
                                host: string;
                                lastExit: {
                                    /** Format: date-time */
                                    at: string;
                                    code: number;
                                    oom: boolean;
                                } | null;
                                release: number | null;
                                restarts: number;
                                startedAt: string | null;
                                /**
                                 * @description `unknown`: the host is not reachable, or was not asked yet; the other fields are those that were seen last. `missing`: the host has no container of the service.
                                 * @enum {unknown}
                                 */
                                state: "running" | "restarting" | "exited" | "created" | "missing" | "unknown";
                                tag: string | null;
                            }[];
                            /** @description The configuration does not deploy it here any more. What runs of it is left as it is. */
                            orphaned: boolean;
                            /** @description What the next deployment changes, because the configuration has changed. Null: not set, or the caller has no token. */
                            pending: {
                                field: string;
                                next: string | null;
                                now: string | null;
                                secret: boolean;
                            }[];
                            /** @description Hosts that run it, and that should. */
                            scale: {
                                running: number;
                                wanted: number;
                            };
                            service: string;
                        }[];
                        /** @enum {unknown} */
                        strategy: "rolling" | "blue-green";
                        window: {
                            closesAt: string | null;
                            open: boolean;
                            opensAt: string | null;
                        } | null;
                    };
                };
            };
        };
    };
    holdEnvironment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                environment: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    reason: string;
                    until?: string | null;
                };
            };
        };
        responses: {
            /** @description Who holds back deployments there. `until` null: until somebody lifts it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        by: string;
                        reason: string;
                        until: string | null;
                    };
                };
            };
        };
    };
    liftHold: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                environment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Nobody holds it. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    listContainers: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                environment: string;
                host: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        containers: {
                            id: string;
                            image: string;
                            name: string;
                            /** @description By its seal, in this environment. */
                            ours: boolean;
                            ports: {
                                containerPort: number;
                                /** @description `0.0.0.0` or `::` for every address. */
                                hostIp: string;
                                hostPort: number;
                                /** @enum {unknown} */
                                protocol: "tcp" | "udp" | "sctp";
                            }[];
                            release: number | null;
                            service: string | null;
                            /** @enum {unknown} */
                            state: "created" | "running" | "restarting" | "paused" | "exited" | "dead" | "removing";
                        }[];
                    };
                };
            };
        };
    };
    removeService: {
        parameters: {
            query?: {
                confirm?: string;
            };
            header?: {
                /** @description A call that comes again with its key is answered as before, and starts nothing. */
                "idempotency-key"?: string;
            };
            path: {
                environment: string;
                service: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    confirm?: string | null;
                };
            };
        };
        responses: {
            /** @description Pending; `Location` is its address. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deployment"];
                };
            };
        };
    };
    adoptObserved: {
        parameters: {
            query?: never;
            header?: {
                /** @description A call that comes again with its key is answered as before, and starts nothing. */
                "idempotency-key"?: string;
            };
            path: {
                environment: string;
                service: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    force?: boolean | null;
                };
            };
        };
        responses: {
            /** @description Pending; `Location` is its address. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deployment"];
                };
            };
        };
    };
    getServiceLogs: {
        parameters: {
            query?: {
                /** @description Go on, also when another container takes the place of the one that ended. */
                follow?: boolean;
                /** @description Only this host. */
                host?: string;
                /** @description Last lines of each host. Default: 100. */
                tail?: number;
            };
            header?: never;
            path: {
                environment: string;
                service: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The last lines, or live. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
    restartService: {
        parameters: {
            query?: never;
            header?: {
                /** @description A call that comes again with its key is answered as before, and starts nothing. */
                "idempotency-key"?: string;
            };
            path: {
                environment: string;
                service: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Pending; `Location` is its address. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deployment"];
                };
            };
        };
    };
    rollBackService: {
        parameters: {
            query?: never;
            header?: {
                /** @description A call that comes again with its key is answered as before, and starts nothing. */
                "idempotency-key"?: string;
            };
            path: {
                environment: string;
                service: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    dryRun?: boolean | null;
                    release?: number | null;
                    useKept?: boolean | null;
                };
            };
        };
        responses: {
            /** @description With `dryRun`: what would be done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Those that come with the release, newest first, at most 100. */
                        commits: {
                            /** Format: date-time */
                            at: string;
                            commit: string;
                            subject: string;
                        }[];
                        drift: {
                            field: string;
                            found: string | null;
                            host: string;
                            wanted: string | null;
                        }[];
                        environment: string;
                        /** @description All that is wrong with a run file. `setting`: what the configuration would have to allow or set. */
                        faults: {
                            code: string;
                            column: number;
                            file: string;
                            line: number;
                            message: string;
                            setting: string | null;
                        }[];
                        /** @description What would hold it back now. `until`: when that ends by itself. */
                        gates: {
                            /** @enum {unknown} */
                            code: "hold" | "approval" | "window";
                            message: string;
                            until: string | null;
                        }[];
                        hosts: {
                            /**
                             * @description `unknown`: the host is not reachable, or the run file has faults.
                             * @enum {unknown}
                             */
                            action: "none" | "create" | "replace" | "unknown";
                            host: string;
                            image: {
                                from: string | null;
                                to: string | null;
                            };
                            interruptionSeconds: number | null;
                            /** @description Those that differ from what was deployed last; all that are set if nothing runs. */
                            parameters: {
                                from: string | null;
                                name: string;
                                origin: {
                                    commit: string | null;
                                    /** @enum {unknown} */
                                    kind: "file" | "environment" | "service" | "default";
                                    line: number | null;
                                    path: string | null;
                                } | null;
                                secret: boolean;
                                to: string | null;
                            }[];
                        }[];
                        release: number;
                        rollbackTo: number | null;
                        service: string;
                        warnings: string[];
                    };
                };
            };
            /** @description Pending; `Location` is its address. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deployment"];
                };
            };
        };
    };
    startService: {
        parameters: {
            query?: never;
            header?: {
                /** @description A call that comes again with its key is answered as before, and starts nothing. */
                "idempotency-key"?: string;
            };
            path: {
                environment: string;
                service: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Pending; `Location` is its address. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deployment"];
                };
            };
        };
    };
    stopService: {
        parameters: {
            query?: never;
            header?: {
                /** @description A call that comes again with its key is answered as before, and starts nothing. */
                "idempotency-key"?: string;
            };
            path: {
                environment: string;
                service: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Pending; `Location` is its address. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deployment"];
                };
            };
        };
    };
    followEvents: {
        parameters: {
            query?: {
                /** @description Only events of the build with this id, also its log. */
                build?: string;
                /** @description Only events of the deployment with this id, also its log. */
                deployment?: string;
                /** @description Only events of this environment. */
                environment?: string;
                /** @description Only events of this service. */
                service?: string;
                /** @description Types with commas between them, of build, step, queue, log, delivery, webhook, deployment, observation, hold, configuration. Default: all. */
                types?: string;
            };
            header?: {
                /** @description The last `id:` received. Browsers send it themselves. */
                "last-event-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Open until the client leaves or the server stops. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
        };
    };
    getGraph: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Each in full; the cascade does not follow them. */
                        cycles: string[][];
                        edges: {
                            /** @description The service that makes it. */
                            base: string;
                            baseBranch: string | null;
                            branch: string;
                            /** @description The base image, `host/name:tag`. */
                            reference: string;
                            service: string;
                        }[];
                        /** @description What could not be read. */
                        faults: {
                            branch: string | null;
                            message: string;
                            service: string;
                        }[];
                        /** @description Bases before what stands on them. */
                        services: {
                            cascade: boolean;
                            image: string;
                            name: string;
                            repository: string;
                        }[];
                    };
                };
            };
        };
    };
    getLedger: {
        parameters: {
            query?: {
                /** @description Commit id, in full or its beginning: at least four digits. */
                commit?: string;
                /** @description `nextCursor` of the page before. */
                cursor?: string;
                /** @description Maximum number of items. Default: 50. */
                limit?: number;
                /** @description owner/name, in any case. */
                repository?: string;
                result?: "built" | "nothing" | "waiting" | "ignored" | "failed";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        entries: {
                            /** Format: date-time */
                            at: string;
                            /** @description Services and branches that were built because of it. */
                            builds: number;
                            /** @description Who pushed or asked. */
                            by: string | null;
                            decision: components["schemas"]["ListedDecision"] | null;
                            delivery: {
                                after: string | null;
                                before: string | null;
                                branch: string | null;
                                event: string;
                                id: string;
                                reason: string | null;
                                /** Format: date-time */
                                receivedAt: string;
                                repository: string | null;
                                /** @enum {unknown} */
                                status: "accepted" | "planned" | "ignored" | "failed";
                                /** @description Why it has not begun. `until`: when it is tried again; null: when the cause is gone. */
                                waitingFor?: {
                                    /** @description `service-busy`, `base-building`, `burst`, `slot`, `low-disk`, `paused`, or the error code that is waited out. */
                                    code: string;
                                    message: string;
                                    until: string | null;
                                };
                                /** @description Left out where there are none. */
                                warnings?: {
                                    message: string;
                                    service: string;
                                }[];
                            } | null;
                            /** @description Those with nothing to build. */
                            skips: number;
                            /** @description Those that wait for an artifact. */
                            waits: number;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    look: {
        parameters: {
            query?: never;
            header?: {
                /** @description A call that comes again with its key is answered as before, and starts nothing. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    branch?: string | null;
                    /** @description owner/name, in any case. */
                    repository: string;
                };
            };
        };
        responses: {
            /** @description Accepted; the delivery has the decisions once they are made. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        deliveryId: string;
                        services: string[];
                    };
                };
            };
        };
    };
    getMatrix: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of the answer that the client has. */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What runs where: every service in every environment. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Matrix"];
                };
            };
            /** @description Nothing has changed. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    getMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        environments: string[] | null;
                        /** @description Name of the token, or `anonymous`. */
                        name: string;
                        /** @description All that the caller may do: `admin` includes the others. */
                        scopes: ("read" | "build" | "deploy" | "admin")[];
                    };
                };
            };
        };
    };
    getOverview: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of the answer that the client has. */
                "if-none-match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every service with its main branch. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Overview"];
                };
            };
            /** @description Nothing has changed. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    plan: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    base?: string | null;
                    branch: string;
                    head?: string | null;
                    repository: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        decisions: components["schemas"]["Decision"][];
                        /** @description Left out where there are none. */
                        warnings?: {
                            message: string;
                            service: string;
                        }[];
                    };
                };
            };
        };
    };
    listReleases: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before. */
                cursor?: string;
                /** @description Maximum number of items. Default: 50. */
                limit?: number;
            };
            header?: never;
            path: {
                service: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        nextCursor: string | null;
                        releases: components["schemas"]["Release"][];
                    };
                };
            };
        };
    };
    getRelease: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
                service: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An image with the run file that belongs to it. Immutable. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Release"];
                };
            };
        };
    };
    getEffectiveRunFile: {
        parameters: {
            query: {
                /** @description Name of the environment. */
                environment: string;
            };
            header?: never;
            path: {
                number: string;
                service: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The effective run file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/yaml": string;
                };
            };
        };
    };
    listServices: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before. */
                cursor?: string;
                /** @description Maximum number of items. Default: 50. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        nextCursor: string | null;
                        services: components["schemas"]["Service"][];
                    };
                };
            };
        };
    };
    getService: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A service with what is known of its branches. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Service"];
                };
            };
        };
    };
    getCoveringImage: {
        parameters: {
            query: {
                /** @description Commit id in full, or as much of it as no other commit begins with: at least four digits. */
                commit: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        buildId: string;
                        /** @description The commit that the build was of; another one where the commit itself was skipped. */
                        builtCommit: string;
                        commit: string;
                        digest: string;
                        repository: string;
                        service: string;
                        /** @description Bare names, the version tag first. A build has those that it wrote; a branch tag may name another image by now. */
                        tags: string[];
                    };
                };
            };
        };
    };
    tryPath: {
        parameters: {
            query: {
                /** @description From the root of the repository. */
                path: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        by: string | null;
                        commit: string | null;
                        /** @description Whether a change of it counts for the service. */
                        counts: boolean;
                        /**
                         * @description `outside`: in no included region. `run-file`: it makes releases, and no image.
                         * @enum {unknown}
                         */
                        kind: "included" | "packaging" | "excluded" | "run-file" | "outside";
                        path: string;
                        setting: string | null;
                        /** @description A sentence. */
                        why: string;
                    };
                };
            };
        };
    };
    getServiceRules: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        artifact: string | null;
                        /** @description What is included is read from the Dockerfile at each look. */
                        auto: boolean;
                        /** @description Images of other services that the branches stand on, as decided last. */
                        bases: {
                            /** @description The service that makes it. */
                            base: string;
                            branch: string;
                            reference: string;
                        }[];
                        branches: string[];
                        /** @enum {unknown} */
                        builds: "latest" | "every-push";
                        /** @description Built again when an image that it stands on changes. */
                        cascade: boolean;
                        context: string;
                        dockerfile: string | null;
                        /** @description Where regions and Dockerfile had drifted apart when a branch was last looked at. */
                        drift: {
                            branch: string;
                            dockerfile: {
                                line: number;
                                path: string;
                            } | null;
                            message: string;
                        }[];
                        excluded: string[];
                        gitTags: string[];
                        /** @description Empty: every path of the repository, or `auto`. */
                        included: string[];
                        target: string | null;
                        /** @enum {unknown} */
                        trigger: "push" | "artifact";
                    };
                };
            };
        };
    };
    why: {
        parameters: {
            query?: {
                branch?: string;
                /** @description The id of a decision about the commit. */
                decision?: number;
            };
            header?: never;
            path: {
                /** @description Commit id, in full or its beginning: at least four digits. */
                commit: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A decision with everything that explains it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Why"];
                };
            };
        };
    };
    whereRuns: {
        parameters: {
            query?: {
                /** @description Commit id, in full or its beginning: at least four digits. */
                commit?: string;
                /** @description A version or git tag, with or without `-rN`. */
                version?: string;
            };
            header?: never;
            path: {
                service: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        environments: {
                            environment: string;
                            /** @description Those that run it. */
                            hosts: string[];
                            reason: {
                                /** @enum {unknown} */
                                code: "running" | "partly" | "host-unreachable" | "waiting" | "build-failed" | "build-skipped" | "not-built" | "blocked" | "rolled-back" | "failed" | "canceled" | "superseded" | "replaced" | "not-requested";
                                message: string;
                            };
                            release: number | null;
                            /** @enum {unknown} */
                            runs: "yes" | "no" | "partly" | "unknown";
                            since: string | null;
                        }[];
                    };
                };
            };
        };
    };
    getSystem: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        checks: {
                            message: string | null;
                            /** @description As in `/readyz`. */
                            name: string;
                            remedy: string | null;
                            /**
                             * @description `note`: all is well, and something is worth knowing. `fault`: `/readyz` is 503 because of it.
                             * @enum {unknown}
                             */
                            state: "ok" | "note" | "fault";
                        }[];
                        disk: {
                            floor: number;
                            free: number;
                            total: number;
                        } | null;
                        /** @description Open streams, followed logs and waits for an end. */
                        heldRequests: number;
                        queue: {
                            /** @description As many builds may run at a time. */
                            concurrency: number;
                            pausedUntil: string | null;
                            queued: number;
                            running: number;
                        };
                        /** Format: date-time */
                        startedAt: string;
                        tokens: {
                            environments: string[] | null;
                            lastActedAt: string | null;
                            lastUsedAt: string | null;
                            name: string;
                            scopes: ("read" | "build" | "deploy" | "admin")[];
                        }[] | null;
                        versions: {
                            /** @description Name of the newest migration. */
                            database: string;
                            engine: string | null;
                            node: string;
                            slipway: string;
                        };
                        waits: {
                            code: string;
                            count: number;
                            message: string;
                            until: string | null;
                        }[];
                        webhooks: {
                            /** @description When requests were last refused, by error code. Whose they were cannot be known. */
                            refused: {
                                /** Format: date-time */
                                at: string;
                                code: string;
                            }[];
                            /** @description Each of the configuration, with the newest delivery that is stored. */
                            repositories: {
                                lastHeardAt: string | null;
                                repository: string;
                            }[];
                        };
                    };
                };
            };
        };
    };
    getWebhooks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        contentType: string;
                        /** @description The path of that URL. */
                        path: string;
                        /** @description The newest first, at most 20. */
                        refused: {
                            address: string | null;
                            /** Format: date-time */
                            at: string;
                            code: string;
                            message: string;
                            remedy: string;
                            /** @description How often the same was refused from there. */
                            times: number;
                        }[];
                        takenAt: string | null;
                        url: string | null;
                    };
                };
            };
        };
    };
    isAlive: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ok";
                        version: string;
                    };
                };
            };
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Prometheus text format. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
    getOpenApi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    isReady: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        checks: {
                            configuration: {
                                /** @description What is wrong. For callers who may read. */
                                message?: string;
                                ok: boolean;
                            };
                            disk: {
                                /** @description What is wrong. For callers who may read. */
                                message?: string;
                                ok: boolean;
                            };
                            engine: {
                                /** @description What is wrong. For callers who may read. */
                                message?: string;
                                ok: boolean;
                            };
                            git: {
                                /** @description What is wrong. For callers who may read. */
                                message?: string;
                                ok: boolean;
                            };
                            hosts: {
                                /** @description What is wrong. For callers who may read. */
                                message?: string;
                                ok: boolean;
                            };
                            registry: {
                                /** @description What is wrong. For callers who may read. */
                                message?: string;
                                ok: boolean;
                            };
                            setAside: {
                                /** @description What is wrong. For callers who may read. */
                                message?: string;
                                ok: boolean;
                            };
                            store: {
                                /** @description What is wrong. For callers who may read. */
                                message?: string;
                                ok: boolean;
                            };
                            waiting: {
                                /** @description What is wrong. For callers who may read. */
                                message?: string;
                                ok: boolean;
                            };
                        };
                        /** @enum {unknown} */
                        status: "ok" | "unavailable" | "stopping";
                    };
                };
            };
        };
    };
    rebuild: {
        parameters: {
            query?: never;
            header?: {
                /** @description A call that comes again with its key is answered as before, and starts nothing. */
                "idempotency-key"?: string;
            };
            path: {
                service: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    branch?: string | null;
                    commit?: string | null;
                    noCache?: boolean | null;
                };
            };
        };
        responses: {
            /** @description One run that makes, or reuses, an image. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Build"];
                };
            };
        };
    };
    getSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description True if nobody has to log in to read. */
                        anonymousRead: boolean;
                        csrfToken: string | null;
                        environments: string[] | null;
                        /** @description Name of the token, or `anonymous`. */
                        name: string;
                        publicUrl: string | null;
                        /** @description All that the caller may do: `admin` includes the others. */
                        scopes: ("read" | "build" | "deploy" | "admin")[];
                        /** @description Of the server. */
                        version: string;
                    };
                };
            };
        };
    };
    logIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    token: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description True if nobody has to log in to read. */
                        anonymousRead: boolean;
                        csrfToken: string | null;
                        environments: string[] | null;
                        /** @description Name of the token, or `anonymous`. */
                        name: string;
                        publicUrl: string | null;
                        /** @description All that the caller may do: `admin` includes the others. */
                        scopes: ("read" | "build" | "deploy" | "admin")[];
                        /** @description Of the server. */
                        version: string;
                    };
                };
            };
        };
    };
    logOut: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description There is no session. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    receiveWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": unknown;
                "application/x-www-form-urlencoded": unknown;
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "pong";
                    } | {
                        /** @enum {string} */
                        status: "duplicate";
                    } | {
                        reason: string;
                        /** @enum {string} */
                        status: "ignored";
                    };
                };
            };
            /** @description Default Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        deliveryId: string;
                        /** @enum {string} */
                        status: "accepted";
                    };
                };
            };
        };
    };
}
