/** Something that a check found. */
export interface Finding {
  /** The file, from the repo's root, or the object. */
  where: string;
  /** What is wrong there and what to do. */
  says: string;
}
