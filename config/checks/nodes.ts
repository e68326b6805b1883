// What a cluster's record may say of its nodes. All of it may be left out: see config/nodes.ts for what then holds.
import { DAYS } from './changes.ts';
import { list, object, oneOf, trueOrFalse, unique } from './shapes.ts';
import { clockTime, wholeNumber } from './values.ts';

/** What a processor understands, by Kubernetes' names; the first of the config's is the one that is tried first. */
export const ARCHITECTURES = ['arm64', 'amd64'] as const;

/** When nodes may be exchanged for newer ones. */
const maintenance = object({
  /** The days on which it begins: `['tue', 'wed', 'thu']`. */
  days: unique(list(oneOf(DAYS), { of: 'days', min: 1 })),
  /** When it begins, in UTC, since Karpenter knows no time zones: `02:00`. */
  from: clockTime(),
  /** How long it is, in hours. */
  hours: wholeNumber(1, 24, 'hours'),
});

/** The nodes that Karpenter starts for what runs on a cluster. */
export const nodes = () =>
  object({
    /**
     * The most cores that the nodes of one kind may have together, which is what a mistake can cost: a kind is a processor
     * and a way to pay.
     *
     * @default 64 in a ring that is highly available, else 16
     */
    maxCpu: wholeNumber(2, 10_000, 'cores').optional(),
    /**
     * Whether pods may run on nodes that AWS takes back within two minutes, at a third of the price.
     *
     * @default false in a ring that is highly available, else true
     */
    spot: trueOrFalse().optional(),
    /**
     * The processors, the preferred one first. All images must be made for each of them.
     *
     * @default arm64, which costs less for the same work, then amd64
     */
    architectures: unique(list(oneOf(ARCHITECTURES), { of: 'architectures', min: 1 })).optional(),
    /**
     * When nodes may be exchanged for newer ones. A node that nobody needs goes at any time.
     *
     * @default Tuesday to Thursday from 02:00 to 06:00 UTC
     */
    maintenance: maintenance.optional(),
  }).prefault({});
