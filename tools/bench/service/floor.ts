/**
 * What the service is measured against: Express with next to nothing in it. `joined` answers with the whole shape of a
 * list of articles by one joined query and its count; `fixed` with JSON that was made beforehand.
 */
import type { AddressInfo } from 'node:net';
import express from 'express';
import pg from 'pg';

const [kind = ''] = process.argv.slice(2);
const { DATABASE_URL } = process.env;

/** As many connections as the service has by default. */
const pool = new pg.Pool({ ...(DATABASE_URL && { connectionString: DATABASE_URL }), max: 10 });

const LIST = {
  name: 'list',
  text: `SELECT a.slug, a.title, a.description, a.created_at AS "createdAt", a.updated_at AS "updatedAt",
                t.tags AS "tagList", f.count AS "favoritesCount", false AS favorited,
                json_build_object('username', u.username, 'bio', u.bio, 'image', u.image, 'following', false) AS author
           FROM articles a
           JOIN users u ON u.id = a.author_id
          CROSS JOIN LATERAL (SELECT coalesce(array_agg(tag ORDER BY position), '{}') AS tags
                                FROM article_tags WHERE article_id = a.id) t
          CROSS JOIN LATERAL (SELECT count(*)::int AS count FROM favorites WHERE article_id = a.id) f
          ORDER BY a.id DESC
          LIMIT $1 OFFSET $2`,
};
const COUNT = { name: 'count', text: 'SELECT count(*)::int AS count FROM articles' };

async function list(limit: number, offset: number) {
  const [{ rows: articles }, { rows: totals }] = await Promise.all([
    pool.query({ ...LIST, values: [limit, offset] }),
    pool.query(COUNT),
  ]);
  return { articles, articlesCount: totals[0].count as number };
}

const app = express();
if (kind === 'joined') {
  app.get('/api/articles', async (request, response) => {
    const { limit = '20', offset = '0' } = request.query as Record<string, string>;
    response.json(await list(Number(limit), Number(offset)));
  });
} else {
  const { rows } = await pool.query(
    'SELECT tag FROM article_tags GROUP BY tag ORDER BY count(*) DESC, tag LIMIT 1000',
  );
  const fixed = { articles: await list(20, 0), tags: { tags: rows.map(({ tag }) => tag) } };
  app.get('/api/articles', (_request, response) => {
    response.json(fixed.articles);
  });
  app.get('/api/tags', (_request, response) => {
    response.json(fixed.tags);
  });
}

const server = app.listen(0, '127.0.0.1', () => {
  process.send?.({ type: 'listening', port: (server.address() as AddressInfo).port });
});
process.once('disconnect', () => process.exit(0));
