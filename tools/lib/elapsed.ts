/**
 * Starts a watch.
 *
 * @returns a function that says the time since then, in seconds: `0.34 s`
 */
export function stopwatch(): () => string {
  const started = performance.now();
  return () => `${((performance.now() - started) / 1000).toFixed(2)} s`;
}
