import getPort from 'get-port';

/** How many ports after the wanted one are tried before any free one will do. */
const NEARBY = 100;

/** The port something gets, and what is to be said about it. */
export interface PortChoice {
  readonly port: number;
  /** Empty when it is the wanted one, else `3000 is taken: 3002`. */
  readonly note: string;
}

/**
 * The wanted port, or the next free one.
 *
 * @param wanted the first choice
 * @param reserved ports that others want, and that are left to them
 */
export async function choosePort(wanted: number, reserved: readonly number[] = []): Promise<PortChoice> {
  const nearby = Array.from({ length: NEARBY + 1 }, (_, index) => wanted + index);
  const candidates = nearby.filter((port) => port <= 65_535 && (port === wanted || !reserved.includes(port)));
  const port = await getPort({ port: candidates });
  return { port, note: port === wanted ? '' : `${wanted} is taken: ${port}` };
}
