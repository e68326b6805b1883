// The edits that hold an app's image in a ring, and let it go again.
import { imageMarker, imagePolicy, type Pin, showPin } from '../../../config/checks/images.ts';
import { notOneOf } from '../../../config/checks/refusal.ts';
import type { Config } from '../../../config/load.ts';
import type { Ring } from '../../../config/schema.ts';
import type { Edit } from '../promote/apply.ts';
import { shortVersion } from '../promote/runs.ts';
import { UserError } from '../user-error.ts';

/** An app's line in a ring. */
export interface Place {
  app: string;
  ring: Ring;
  /** What stands there now. */
  reference: string;
  pin: Pin | undefined;
}

/**
 * Finds the line of an app in a ring.
 *
 * @throws UserError when there is no such app or ring, or the app has no image there
 */
export function placeOf({ platform, images }: Config, app: string, ringName: string): Place {
  const apps = Object.keys(platform.apps);
  if (!apps.includes(app)) throw new UserError(`<app>: ${notOneOf(app, apps)}`);
  const ring = platform.rings.find(({ name }) => name === ringName);
  if (ring === undefined) {
    throw new UserError(
      `--ring: ${notOneOf(
        ringName,
        platform.rings.map(({ name }) => name),
      )}`,
    );
  }
  const image = images[ring.name]?.[app];
  if (image === undefined) throw new UserError(`apps/images.yaml has no ${app} in ${ring.name}`);
  return { app, ring, reference: image.reference, pin: image.pin };
}

/** Puts an image there and a pin in place of what may stand behind it. */
export function pinEdit({ app, ring }: Place, reference: string, pin: Pin): Edit {
  return { kind: 'image', name: app, ring: ring.name, value: reference, comment: showPin(pin) };
}

/**
 * Takes the pin away: where images arrive by themselves the marker comes back.
 *
 * @throws UserError when it is not pinned, or nothing would move it without the pin either
 */
export function unpinEdit({ platform }: Config, { app, ring, reference, pin }: Place): Edit {
  const line = `${app} in ${ring.name}`;
  if (pin === undefined) {
    throw new UserError(
      `${line} is not pinned: it is at ${shortVersion(reference)}, and moves as its ring does`,
    );
  }
  const own = `${platform.registry}/${app}`;
  if (ring.promotion === 'automatic' && !reference.startsWith(`${own}:`)) {
    throw new UserError(
      `${line} is not an image of ${own}, which is all that Flux watches for it: it stays pinned`,
    );
  }
  const comment = ring.promotion === 'automatic' ? imageMarker(imagePolicy(app, ring.name)) : '';
  return { kind: 'image', name: app, ring: ring.name, value: reference, comment };
}
