-- no transaction
-- Lists go by the id, the newest first: it settles articles of the same moment, and the indexes of tags and favourites
-- hold it already. The indexes by `created_at` stay for the release before.
CREATE INDEX CONCURRENTLY IF NOT EXISTS articles_of_author ON articles (author_id, id DESC);
