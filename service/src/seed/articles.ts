/** The articles of the demonstration data, newest first. */

/** An article of the demonstration data. */
export interface SeedArticle {
  readonly author: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** The names of those who favourite it. */
  readonly likedBy: readonly string[];
  readonly body: string;
}

/** All of them. */
export const ARTICLES: readonly SeedArticle[] = [
  {
    author: 'Mara Lindqvist',
    title: 'Ship on a Tuesday morning',
    description: 'When a change goes out decides who is awake when it goes wrong.',
    tags: ['deployments', 'teams'],
    likedBy: ['Sam Achterberg', 'Demo Reader', 'Ines Okafor'],
    body: 'Placeholder that the next commit replaces.',
  },
];
