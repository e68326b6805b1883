/** The people of the demonstration data. */

/** Somebody in the demonstration data. */
export interface Person {
  readonly username: string;
  readonly bio: string;
  /** The names of those they follow. */
  readonly follows: readonly string[];
}

/** The account that visitors are told of; the password is public, which is why production refuses to be seeded. */
export const DEMO = {
  username: 'Demo Reader',
  email: 'demo@conduit.example',
  password: 'conduit-demo',
} as const;

/** Everybody, the demonstration account last. */
export const PEOPLE: readonly Person[] = [
  {
    username: 'Mara Lindqvist',
    bio: 'Release engineer in Malmö. Likes small changes, boring Fridays and sourdough.',
    follows: ['Tomás Ferreira', 'Ines Okafor'],
  },
  {
    username: 'Tomás Ferreira',
    bio: 'Looks after databases in Porto. Believes in backups that have been restored.',
    follows: ['Mara Lindqvist'],
  },
  {
    username: 'Ines Okafor',
    bio: 'Watches systems for a living. Counts things, then asks why.',
    follows: ['Tomás Ferreira', 'Jun Watanabe'],
  },
  {
    username: 'Jun Watanabe',
    bio: 'Platform engineer, gardener, reluctant plumber.',
    follows: ['Edith Brandt', 'Mara Lindqvist'],
  },
  {
    username: 'Edith Brandt',
    bio: 'Forty years of vegetables, twenty of programs. The vegetables complain less.',
    follows: ['Jun Watanabe'],
  },
  {
    username: 'Sam Achterberg',
    bio: 'Writes software in small teams and about small teams.',
    follows: ['Mara Lindqvist', 'Ines Okafor', 'Edith Brandt'],
  },
  {
    username: DEMO.username,
    bio: 'Here to look around.',
    follows: ['Mara Lindqvist', 'Edith Brandt', 'Tomás Ferreira'],
  },
];

/** An address for somebody: `mara.lindqvist@conduit.example`. */
export function addressOf({ username }: Person): string {
  if (username === DEMO.username) return DEMO.email;
  const name = username.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replaceAll(' ', '.');
  return `${name}@conduit.example`;
}
