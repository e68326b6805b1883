// What the odds of an app's releases are computed by, and how bad they may be.
import { mapOf, object } from './shapes.ts';
import { label, percentage, perSecond } from './values.ts';

/** The requests of an app's users. */
export const traffic = () =>
  object({
    /** What users send it in all, in requests a second: as many as at the hour at which it is released. */
    requestsPerSecond: perSecond(),
    /**
     * What each of its services gets, by the name of its canary, for an app of several.
     *
     * @default each as many as the app
     */
    services: mapOf(label(), perSecond(), 'an object with requests a second by service').optional(),
  });

/** How bad the odds of releases may be. */
export const risk = () =>
  object({
    /**
     * How often a healthy release may be rolled back, in percent.
     *
     * @default 5 %
     */
    healthyRolledBackPercent: percentage().optional(),
    /**
     * How often a broken release may be promoted, in percent.
     *
     * @default 5 %
     */
    brokenPromotedPercent: percentage().optional(),
  });
