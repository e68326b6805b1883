import type { SeedArticle } from './article.ts';

const author = 'Tomás Ferreira';

export const DATABASES: readonly SeedArticle[] = [
  {
    author,
    title: 'A backup is a rumour until you have restored it',
    description: 'We had nine years of nightly dumps and not one that could be read.',
    tags: ['databases', 'reliability'],
    likedBy: ['Mara Lindqvist', 'Jun Watanabe', 'Demo Reader', 'Edith Brandt'],
    paragraphs: [
      'The job was called nightly-backup and it was green. It had been green for nine years. When at last we needed it, we found that somebody had moved the disk in the second year, and that what we had kept since then, with great care and in three places, was a file of forty bytes saying that the connection had been refused.',
      'Now a machine restores last night’s backup every morning into an empty server, counts the rows of six tables, and sends the counts to the team. It is the most boring message we get. On the two days when it did not come, somebody noticed before lunch.',
      'It also told us something that we had not asked: how long a restore takes. Ours took five hours. The business had been told one. It was better to have that conversation on a morning of our choosing.',
    ],
  },
  {
    author,
    title: 'Add a column without anybody noticing',
    description: 'The statement takes a millisecond. Waiting for its lock can take down the site.',
    tags: ['databases', 'postgresql', 'shipping'],
    likedBy: ['Mara Lindqvist', 'Sam Achterberg'],
    paragraphs: [
      'Adding a column to a table in PostgreSQL is nearly free: it changes the catalogue and not the rows. But for that instant it needs the table to itself. If a report has been reading the table for the last ten minutes, your statement waits behind it; and every query that comes after your statement waits behind you.',
      'That is how a change of one millisecond makes an outage of ten minutes. The cure is one line: set lock_timeout to two seconds before the change. If the lock is not to be had, the change gives up, the queue runs on, and you try again in a minute. It may take five tries. Nobody will know.',
      'Then let the new code and the old live side by side for a while. The old one has never heard of the column and must not mind it, which is a good reason never to write SELECT * in anything that outlives the afternoon.',
    ],
  },
  {
    author,
    title: 'Ten connections are plenty',
    description: 'A larger pool is a longer queue in a more expensive place.',
    tags: ['databases', 'performance'],
    likedBy: ['Ines Okafor', 'Demo Reader'],
    paragraphs: [
      'When a service gets slow, somebody raises the size of its connection pool. It often helps a little, for a day. Then it is slow again, and now so is everything else that shares the database.',
      'A server with eight cores can work on about eight queries at once. Give it two hundred and it does not work on two hundred; it switches between them, and each one takes longer and holds its locks longer. The queue has not gone away. It has only moved from your process, where it is cheap and you can see it, into the database, where it is neither.',
      'Our busiest service has ten connections per process and answers six thousand requests a second. Before you ask for more, measure how long a request waits for a connection. If the answer is nothing, you have your answer.',
    ],
  },
  {
    author,
    title: 'Newest first, without surprises',
    description: 'Two rows can have the same time. What does your list do then?',
    tags: ['databases', 'postgresql'],
    likedBy: ['Sam Achterberg'],
    paragraphs: [
      'Sort by the time of creation, newest first, twenty to a page. It is the first thing that every application does, and most of them do it wrong in a way that shows once a year. When two rows carry the same time, the database may return them in either order, and it may choose differently for page one and for page two. Then one row appears twice and another not at all.',
      'Add the primary key as a second column to the ORDER BY, and the same pair to the index. Now there is exactly one right order and it is the same today and tomorrow.',
      'While you are there, look at how pages are asked for. OFFSET 10000 reads ten thousand rows in order to throw them away. For people, who seldom go past page three, it does not matter. For the crawler that goes to the end every night it does.',
    ],
  },
  {
    author,
    title: 'Let the database say no',
    description: 'Checking first and writing afterwards leaves a gap, and somebody will fall into it.',
    tags: ['databases', 'postgresql', 'correctness'],
    likedBy: ['Mara Lindqvist', 'Edith Brandt'],
    paragraphs: [
      'Is the name still free? The code asks, the database says yes, the code writes the row. Between the two lies a gap of a millisecond, and on the day when a visitor presses the button twice, both presses fall into it.',
      'A unique index has no gap. Write the row, and when the database refuses, turn its refusal into a kind sentence. It is less code than checking first, one round trip fewer, and it is true even when two processes do it at once.',
      'The same holds for the rest of what you believe about your data. That an amount is never negative, that nobody follows themselves, that an article has an author: write it down where it is enforced. In two years it will be the only documentation left that is still right.',
    ],
  },
];
