/**
 * A repository as a person opens it in a browser.
 *
 * @param url as git clones it; one that is cloned by ssh is read by https at the same host
 */
export function browsable(url: string): string {
  return url.replace(/^ssh:\/\/(?:[\w-]+@)?([^/:]+)(?::\d+)?/, 'https://$1').replace(/(\.git)?\/*$/, '');
}
