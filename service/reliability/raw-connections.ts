/** Connections that speak just enough HTTP to be cheap: to overwhelm a service from the machine it runs on. */
import { connect, type Socket } from 'node:net';
import type { Visit } from './load.ts';

/** What came of a visit. */
export interface Outcome {
  readonly version?: string | undefined;
  /** The wrong status, or the code of the error; undefined when all is well. */
  readonly failure?: string;
}

/** A fixed number of connections, each with at most one request under way. */
export interface RawConnections {
  /** Sends a request over a connection that has none; undefined when each has one. */
  send(visit: Visit): Promise<Outcome> | undefined;
  close(): void;
}

/** Opens connections as they are needed. */
export function rawConnections(url: URL, most: number): RawConnections {
  const free: Connection[] = Array.from({ length: most }, () => new Connection(url));
  return {
    send(visit) {
      const connection = free.pop();
      return connection?.send(visit).finally(() => free.push(connection));
    },
    close() {
      for (const connection of free) connection.close();
    },
  };
}

/** One connection, made again when it was closed. */
class Connection {
  readonly #url: URL;
  #socket: Socket | undefined;
  #received = '';
  #settle: ((outcome: Outcome) => void) | undefined;
  #expected = 200;

  constructor(url: URL) {
    this.#url = url;
  }

  send({ method, path, headers = {}, body = '', status }: Visit): Promise<Outcome> {
    this.#socket ??= this.#open();
    this.#expected = status;
    const all = { host: this.#url.host, 'content-length': Buffer.byteLength(body), ...headers };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    this.#socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
    return new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  close(): void {
    this.#socket?.destroy();
  }

  #open(): Socket {
    const socket = connect({ host: this.#url.hostname, port: Number(this.#url.port), noDelay: true });
    // A character a byte, so that lengths in bytes are lengths of text.
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => this.#take(text));
    socket.once('error', (error: NodeJS.ErrnoException) => this.#lost(socket, error.code ?? error.message));
    socket.once('close', () => this.#lost(socket, 'closed'));
    return socket;
  }

  #lost(socket: Socket, failure: string): void {
    if (socket !== this.#socket) return;
    this.#socket = undefined;
    this.#received = '';
    this.#settle?.({ failure });
    this.#settle = undefined;
  }

  #take(text: string): void {
    this.#received += text;
    const end = this.#received.indexOf('\r\n\r\n');
    if (end === -1) return;
    const head = this.#received.slice(0, end);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]);
    if (Number.isNaN(length)) throw new Error(`an answer without a length:\n${head}`);
    if (this.#received.length < end + 4 + length) return;
    this.#received = '';
    if (/\r\nconnection: close/i.test(head)) {
      this.#socket?.destroy();
      this.#socket = undefined;
    }
    const status = Number(head.slice(9, 12));
    const version = /\r\nx-version: ([^\r]*)/i.exec(head)?.[1];
    this.#settle?.(status === this.#expected ? { version } : { version, failure: String(status) });
    this.#settle = undefined;
  }
}
