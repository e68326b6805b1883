/** The name of a service of the benchmark: all of one length, so that files have one size. */
export function serviceName(index: number): string {
  return `service-${String(index).padStart(4, '0')}`;
}

/** The service whose objects are the template of the peers that have no code. */
export const FIRST_SERVICE = serviceName(0);
