/** An article of the demonstration data. */
export interface SeedArticle {
  readonly author: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** The names of those who favourite it. */
  readonly likedBy: readonly string[];
  readonly paragraphs: readonly string[];
}
