import { asReader, type TestApp } from './app.js';

/** By media type. */
type Content = Readonly<Record<string, { readonly schema: object }>>;

export interface Operation {
  /** `METHOD /path`. */
  readonly name: string;
  readonly path: string;
  readonly operationId?: string;
  readonly requestBody?: { readonly required: boolean; readonly content: Content };
  readonly security?: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: object }[];
  readonly responses: Readonly<Record<string, { readonly description?: string; readonly content?: Content }>>;
}

export interface OpenApi {
  readonly openapi: string;
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Omit<Operation, 'name' | 'path'>>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

export async function openApi({ app }: TestApp): Promise<OpenApi> {
  return (await app.inject({ url: '/openapi.json', headers: asReader })).json<OpenApi>();
}

/** Every operation of the document. */
export async function operations(server: TestApp): Promise<Operation[]> {
  const { paths } = await openApi(server);
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      path,
      name: `${method.toUpperCase()} ${path}`,
    })),
  );
}

/** A path with something in place of each parameter. */
export function sampleUrl(path: string): string {
  return path.replace(/\{[^}]+\}/g, 'some-thing');
}
