import { asReader, openTestApp, type TestApp } from '../../support/app.js';

let server: TestApp;
beforeAll(async () => {
  server = await openTestApp();
});
afterAll(() => server.close());

test('the graph has services, the images that they stand on, circles, and what could not be read', async () => {
  const graph = {
    services: [{ name: 'base', repository: 'abc/base', image: 'base', cascade: true }],
    edges: [{ service: 'app', branch: 'main', reference: 'r/base:main', base: 'base', baseBranch: 'main' }],
    cycles: [['app (main)', 'app (main)']],
    faults: [{ service: 'app', branch: null, message: 'The git host does not answer.' }],
  };
  server.operations.will({ graph: async () => graph });
  const response = await server.app.inject({ url: '/api/v1/graph', headers: asReader });
  expect(response.statusCode).toBe(200);
  expect(response.json()).toEqual(graph);
});
