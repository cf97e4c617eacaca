import { parentPort } from 'node:worker_threads';
import type { Question, Tasks } from './contract.js';
import { perform } from './perform.js';

/** The thread's side: answers each question with the outcome of its task. */
export function serveTasks(tasks: Tasks): void {
  const port = parentPort;
  port?.on('message', (question: Question) => port.postMessage(perform(tasks, question)));
}
