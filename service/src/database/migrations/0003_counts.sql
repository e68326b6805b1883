-- How many there are of what lists tell: kept here, so that reading a list counts nothing, and kept by triggers, so that
-- a release that knows nothing of them keeps them right too. Until 0004 has run they lack what was there before.
ALTER TABLE articles ADD COLUMN favorites_count integer NOT NULL DEFAULT 0;
ALTER TABLE users
  ADD COLUMN articles_count  integer NOT NULL DEFAULT 0,
  ADD COLUMN favorites_count integer NOT NULL DEFAULT 0;

-- Room on every page, so that a count changes in place and no index hears of it.
ALTER TABLE articles SET (fillfactor = 90);
ALTER TABLE users SET (fillfactor = 90);

-- A tag is here as long as an article bears it.
CREATE TABLE tags (
  tag            text PRIMARY KEY,
  articles_count integer NOT NULL
);
CREATE INDEX tags_by_use ON tags (articles_count DESC, tag);

-- All articles: the sum of these rows. They are several, so that those who publish at the same moment need not wait for
-- each other's commit.
CREATE TABLE article_totals (
  slot           integer PRIMARY KEY,
  articles_count bigint NOT NULL
);
INSERT INTO article_totals SELECT slot, 0 FROM generate_series(0, 15) AS slot;

-- What the transactions that are under way change: noted with each statement, added up at the commit. Two transactions
-- then lock the same counts in the same order and for a moment only, whatever order they did their work in, and can't
-- wait for each other. Nobody needs it after a crash.
CREATE UNLOGGED TABLE count_changes (
  transaction bigint NOT NULL DEFAULT txid_current(),
  -- Whose counts: 'article', 'tag', 'total' or 'user', and the key in its table.
  owner       text NOT NULL,
  key         text NOT NULL,
  articles    integer NOT NULL DEFAULT 0,
  favorites   integer NOT NULL DEFAULT 0
);
CREATE INDEX count_changes_of_transaction ON count_changes (transaction);

CREATE FUNCTION note_articles() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  step integer := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
BEGIN
  INSERT INTO count_changes (owner, key, articles)
  SELECT 'user', author_id, step * count(*) FROM changed GROUP BY author_id
   UNION ALL
  SELECT 'total', txid_current() % 16, step * count(*) FROM changed HAVING count(*) > 0;
  PERFORM set_config('conduit.counts', 'changed', true);
  RETURN NULL;
END $$;

CREATE FUNCTION note_article_tags() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  step integer := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
BEGIN
  INSERT INTO count_changes (owner, key, articles)
  SELECT 'tag', tag, step * count(*) FROM changed GROUP BY tag;
  PERFORM set_config('conduit.counts', 'changed', true);
  RETURN NULL;
END $$;

CREATE FUNCTION note_favorites() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  step integer := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
BEGIN
  INSERT INTO count_changes (owner, key, favorites)
  SELECT 'article', article_id, step * count(*) FROM changed GROUP BY article_id
   UNION ALL
  SELECT 'user', user_id, step * count(*) FROM changed GROUP BY user_id;
  PERFORM set_config('conduit.counts', 'changed', true);
  RETURN NULL;
END $$;

-- Runs for each note, and the first brings them all in; that nothing is left, a setting of the transaction tells the
-- others, since the table would show them every row that has just gone. Without `enable_seqscan = off` that table, empty
-- for most of the time, would be read from end to end, dead rows and all.
CREATE FUNCTION apply_count_changes() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  change record;
BEGIN
  IF current_setting('conduit.counts', true) = 'applied' THEN
    RETURN NULL;
  END IF;
  FOR change IN
    WITH mine AS (
      DELETE FROM count_changes WHERE transaction = txid_current() RETURNING owner, key, articles, favorites
    )
    SELECT owner, key, sum(articles) AS articles, sum(favorites) AS favorites
      FROM mine
     GROUP BY owner, key
    HAVING sum(articles) <> 0 OR sum(favorites) <> 0
     ORDER BY owner, key
  LOOP
    CASE change.owner
    WHEN 'article' THEN
      UPDATE articles SET favorites_count = favorites_count + change.favorites WHERE id = change.key::bigint;
    WHEN 'user' THEN
      UPDATE users
         SET articles_count = articles_count + change.articles, favorites_count = favorites_count + change.favorites
       WHERE id = change.key::bigint;
    WHEN 'total' THEN
      UPDATE article_totals SET articles_count = articles_count + change.articles WHERE slot = change.key::integer;
    WHEN 'tag' THEN
      INSERT INTO tags (tag, articles_count) VALUES (change.key, change.articles)
      ON CONFLICT (tag) DO UPDATE SET articles_count = tags.articles_count + excluded.articles_count;
      DELETE FROM tags WHERE tag = change.key AND articles_count = 0;
    END CASE;
  END LOOP;
  PERFORM set_config('conduit.counts', 'applied', true);
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER count_changes_at_commit AFTER INSERT ON count_changes
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION apply_count_changes();

-- Nothing but a birth or a death changes a count: an article keeps its author, a favourite its article and its reader,
-- and an article that gets other tags loses the old ones first.
CREATE TRIGGER articles_added AFTER INSERT ON articles
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_articles();
CREATE TRIGGER articles_removed AFTER DELETE ON articles
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_articles();
CREATE TRIGGER article_tags_added AFTER INSERT ON article_tags
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_article_tags();
CREATE TRIGGER article_tags_removed AFTER DELETE ON article_tags
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_article_tags();
CREATE TRIGGER favorites_added AFTER INSERT ON favorites
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_favorites();
CREATE TRIGGER favorites_removed AFTER DELETE ON favorites
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_favorites();
