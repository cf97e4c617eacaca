import { connect } from 'node:net';

/** Whether something accepts TCP connections there. */
export type AnswersAt = (address: string, port: number) => Promise<boolean>;

const TIMEOUT_MS = 1_000;

/** Tries one connection. Silence for a second counts as nothing. */
export const answersAt: AnswersAt = (address, port) =>
  new Promise((resolve) => {
    const socket = connect({ host: address, port, timeout: TIMEOUT_MS });
    const end = (answers: boolean) => (): void => {
      socket.destroy();
      resolve(answers);
    };
    socket.on('connect', end(true));
    socket.on('timeout', end(false));
    socket.on('error', end(false));
  });
