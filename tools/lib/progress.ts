/** Says on a terminal what is being done, in one line that the next call replaces; empty text clears it away. */
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}
