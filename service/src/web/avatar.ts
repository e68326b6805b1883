/** A picture for everybody who has none: the initials on a colour of their own, served by us. */
import { createHash } from 'node:crypto';
import { html } from 'ghtml';

/** The address of somebody's picture: their own when it is a web address, else the drawn one. */
export function avatarOf({ username, image }: { username: string; image: string | null }): string {
  return image !== null && /^https:\/\//i.test(image)
    ? image
    : `/avatars/${encodeURIComponent(username)}/default-avatar.svg`;
}

/** Draws the picture of a name; the same name always looks the same. */
export function drawAvatar(username: string): string {
  const hash = createHash('sha256').update(username.toLowerCase()).digest();
  const hue = hash.readUInt16BE(8) % 360;
  const from = `hsl(${hue} 42% 46%)`;
  const to = `hsl(${(hue + 38) % 360} 46% 34%)`;
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64" role="img"><defs><linearGradient id="g" x2="1" y2="1"><stop stop-color="${from}"/><stop offset="1" stop-color="${to}"/></linearGradient></defs><rect width="64" height="64" fill="url(#g)"/><text x="32" y="33" fill="#fff" font-family="ui-sans-serif,system-ui,Segoe UI,Helvetica,Arial,sans-serif" font-size="25" font-weight="600" text-anchor="middle" dominant-baseline="central">${initials(username)}</text></svg>`;
}

/** One or two letters: of the first and the last word, or of the beginning. */
function initials(username: string): string {
  const words = username.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  const first = words[0] ?? '?';
  const last = words.length > 1 ? words.at(-1) : undefined;
  return [first, last]
    .filter((word) => word !== undefined)
    .map((word) => [...word][0])
    .join('')
    .toUpperCase();
}
