import type { BuildRow, TestSlipway } from './slipway.js';

export interface JenkinsCall {
  readonly service: string;
  readonly branch?: string;
  readonly commit?: string;
  readonly version?: string;
  readonly callbackUrl?: string;
  readonly artifact: { readonly name: string; readonly content: Buffer };
}

/** Calls as a Jenkins job does that hands over what it has built: a form with a file. */
export async function callFromJenkins(slipway: TestSlipway, call: JenkinsCall, idempotencyKey?: string) {
  const { artifact, ...fields } = call;
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set('artifact', new Blob([artifact.content]), artifact.name);
  const encoded = new Response(form);
  const answer = await slipway.running.app.inject({
    method: 'POST',
    url: '/api/v1/builds',
    headers: {
      authorization: 'Bearer jenkins-token',
      'content-type': encoded.headers.get('content-type') ?? '',
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    },
    payload: Buffer.from(await encoded.arrayBuffer()),
  });
  const body = answer.json<BuildRow & { readonly code?: string }>();
  return { status: answer.statusCode, location: answer.headers.location, body };
}
