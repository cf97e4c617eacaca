import { Agent as HttpAgent, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, type AgentOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { inspect } from 'node:util';
import { SlipwayError } from '../errors.js';

declare module 'http' {
  interface Agent {
    /** How Node hands a request to its agent, before anything is sent. */
    addRequest(request: ClientRequest, options: AgentOptions): void;
  }
}

/**
 * The agent for dockerode's transport. Each request gets its own connection: Node's shared agent would leave its idle timeout on sockets
 * that builds keep open.
 *
 * The transport follows redirects to any host, with unhandled errors, and has no setting against that. So this agent hides the target of a
 * redirect; `redirectOf` returns it.
 */
export function createAgent(secure: boolean): HttpAgent {
  const agent = secure ? new HttpsAgent({ keepAlive: false }) : new HttpAgent({ keepAlive: false });
  const addRequest = agent.addRequest.bind(agent);
  return Object.assign(agent, {
    addRequest(request: ClientRequest, options: AgentOptions): void {
      request.prependListener('response', ({ headers }: IncomingMessage) => {
        delete headers.location;
      });
      request.on('upgrade', (_answer: IncomingMessage, socket: Duplex) => endUnlessAsked(request, socket));
      addRequest(request, options);
    },
    // The transport turns the options of each request into text for debugging, even if that is off. That would walk through every open
    // socket and take tens of milliseconds.
    [inspect.custom]: () => 'agent',
  });
}

/** Node closes an unrequested upgrade silently, so the request would never end. */
function endUnlessAsked(request: ClientRequest, socket: Duplex): void {
  if (request.listenerCount('upgrade') > 1) return;
  socket.on('error', () => undefined).destroy();
  request.emit('error', new SlipwayError('engine-error', 'it switched to another protocol without being asked'));
}

/** The target of a redirect, as words for a message, or null. */
export function redirectOf(answer: IncomingMessage): string | null {
  const status = answer.statusCode ?? 0;
  if (status < 300 || status > 399) return null;
  const { rawHeaders } = answer;
  const at = rawHeaders.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'location');
  return at === -1 ? 'nowhere' : hostOf(rawHeaders[at + 1] ?? '');
}

function hostOf(location: string): string {
  const itself = 'http://engine.invalid';
  if (!URL.canParse(location, itself)) return 'nowhere';
  const { origin, host } = new URL(location, itself);
  return origin === itself ? 'itself' : host || 'nowhere';
}
