/** The few pictures on buttons: drawn in the page, since a font of icons would be a file more. */

const SHAPES = {
  compose: '<path d="M4 20l.9-4L16.6 4.3a1.8 1.8 0 0 1 2.6 0l.5.5a1.8 1.8 0 0 1 0 2.6L8 19.1 4 20z"/>',
  'gear-a':
    '<circle cx="12" cy="12" r="3.2"/><path d="M12 3v3m0 12v3m9-9h-3M6 12H3m15.4-6.4-2.1 2.1M7.7 16.3l-2.1 2.1m12.8 0-2.1-2.1M7.7 7.7 5.6 5.6"/>',
  heart: '<path d="M12 20 4.4 12.6a4.9 4.9 0 0 1 6.9-6.9l.7.7.7-.7a4.9 4.9 0 0 1 6.9 6.9z"/>',
  'plus-round': '<path d="M12 5v14M5 12h14"/>',
  'minus-round': '<path d="M5 12h14"/>',
  edit: '<path d="M4 20l.9-4L16.6 4.3a1.8 1.8 0 0 1 2.6 0l.5.5a1.8 1.8 0 0 1 0 2.6L8 19.1 4 20z"/>',
  'trash-a': '<path d="M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7M10.2 10.5v5.5m3.6-5.5v5.5"/>',
} as const;

/** A picture under its customary class: `ion-heart`. It says nothing to those who listen; the button's text does. */
export function icon(name: keyof typeof SHAPES): string {
  return `<i class="ion-${name}" aria-hidden="true"><svg viewBox="0 0 24 24" width="16" height="16">${SHAPES[name]}</svg></i>`;
}
