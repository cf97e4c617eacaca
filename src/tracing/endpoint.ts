/** Where traces go, by OpenTelemetry's variables. Null: nowhere. `fault`: what is wrong with the variable. */
export type Endpoint = { readonly url: string } | { readonly fault: string } | null;

type Env = Readonly<Record<string, string | undefined>>;

/** Reads OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, or else OTEL_EXPORTER_OTLP_ENDPOINT, to which the path of traces is added. */
export function endpointOf(env: Env): Endpoint {
  if (env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true' || env['OTEL_TRACES_EXPORTER'] === 'none') return null;
  const [own, common] = ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'] as const;
  const name = env[own] ? own : common;
  const given = env[name];
  if (!given) return null;
  const url = URL.canParse(given) ? new URL(given) : null;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') return { fault: `${name} is no http(s) URL` };
  if (name === common) url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/traces`;
  return { url: url.href };
}

/** From the first span that waits to its sending. OpenTelemetry's default. */
const DELAY_MS = 5_000;
const MAX_DELAY_MS = 600_000;

const wholeNumber = /^\d{1,6}$/;

/** Milliseconds that spans wait for others, by OTEL_BSP_SCHEDULE_DELAY. */
export function delayOf(env: Env): number {
  const asked = env['OTEL_BSP_SCHEDULE_DELAY'];
  return asked !== undefined && wholeNumber.test(asked) ? Math.min(Number(asked), MAX_DELAY_MS) : DELAY_MS;
}
