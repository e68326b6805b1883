/** Something that was looked at. */
export interface Finding {
  /** What: `credentials`, `quota of Elastic IPs`. */
  what: string;
  /** How it is. */
  says: string;
  /** What to do about it; nothing where it is well. */
  remedy?: string;
  /** Whether a deployment would fail by it, and not only perhaps, one day. @default false */
  isVital?: boolean;
}
