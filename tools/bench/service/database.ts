import pg from 'pg';

/** Puts people, articles, tags, favourites and one busy reader into a migrated database, by SQL alone. */
export async function fill(databaseUrl: string, articles: number): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (const statement of STATEMENTS)
      await client.query(statement.replaceAll(':articles', String(articles)));
  } finally {
    await client.end();
  }
}

/** People: a hundred, whatever the articles; the first is the reader, who follows half of them. */
const PEOPLE = 100;

const STATEMENTS = [
  `INSERT INTO users (username, email, password_hash, bio)
   SELECT 'Person ' || n, 'person' || n || '@example.com', 'none', 'Writes about the number ' || n
     FROM generate_series(1, ${PEOPLE}) AS n`,
  `INSERT INTO follows (follower_id, followed_id)
   SELECT reader.id, other.id FROM users AS reader JOIN users AS other ON other.id % 2 = 0 AND other.id <> reader.id
    WHERE reader.username = 'Person 1'`,
  `INSERT INTO articles (author_id, slug, title, description, body, created_at, updated_at)
   SELECT 1 + n % ${PEOPLE}, 'article-' || n, 'Article number ' || n, 'What there is to say about ' || n,
          repeat('Some words about it. ', 40), at, at
     FROM (SELECT n, now() - make_interval(secs => :articles - n) AS at FROM generate_series(1, :articles) AS n) AS made
    ORDER BY n`,
  // Three tags of fifty each, some of them far more often than others.
  `INSERT INTO article_tags (article_id, position, tag)
   SELECT id, position, 'tag-' || (id * id * position + position) % (20 * position)
     FROM articles, generate_series(1, 3) AS position
       ON CONFLICT DO NOTHING`,
  `INSERT INTO favorites (article_id, user_id)
   SELECT id, 1 + (id * 7 + k * 13) % ${PEOPLE} FROM articles, generate_series(1, 5) AS k ON CONFLICT DO NOTHING`,
  'ANALYZE',
];
