-- no transaction
-- Brings what was there before 0003 into the counts, a few rows at a time, so that nobody waits long for a row.
--
-- A count is locked first and then made anew, by a statement that begins when the lock is held. Whoever has added their
-- changes to it has committed by then, so that this statement sees what they did; whoever hasn't adds them afterwards.
-- The locks are taken in the order of apply_count_changes().
DO $$
DECLARE
  batch CONSTANT integer := 500;
  first bigint;
  last  bigint;
  here  text;
  names text[];
BEGIN
  last := 0;
  LOOP
    first := last;
    SELECT max(id) INTO last FROM (SELECT id FROM articles WHERE id > first ORDER BY id LIMIT batch) AS next;
    EXIT WHEN last IS NULL;
    PERFORM FROM articles WHERE id > first AND id <= last ORDER BY id::text FOR NO KEY UPDATE;
    UPDATE articles SET favorites_count = counted.favorites
      FROM (SELECT article.id, (SELECT count(*) FROM favorites WHERE article_id = article.id) AS favorites
              FROM articles AS article WHERE article.id > first AND article.id <= last) AS counted
     WHERE articles.id = counted.id AND articles.favorites_count <> counted.favorites;
    COMMIT;
  END LOOP;

  last := 0;
  LOOP
    first := last;
    SELECT max(id) INTO last FROM (SELECT id FROM users WHERE id > first ORDER BY id LIMIT batch) AS next;
    EXIT WHEN last IS NULL;
    PERFORM FROM users WHERE id > first AND id <= last ORDER BY id::text FOR NO KEY UPDATE;
    UPDATE users SET articles_count = counted.articles, favorites_count = counted.favorites
      FROM (SELECT person.id,
                   (SELECT count(*) FROM articles WHERE author_id = person.id) AS articles,
                   (SELECT count(*) FROM favorites WHERE user_id = person.id) AS favorites
              FROM users AS person WHERE person.id > first AND person.id <= last) AS counted
     WHERE users.id = counted.id
       AND (users.articles_count, users.favorites_count) IS DISTINCT FROM (counted.articles, counted.favorites);
    COMMIT;
  END LOOP;

  INSERT INTO tags (tag, articles_count)
  SELECT tag, 0 FROM article_tags GROUP BY tag ORDER BY tag
  ON CONFLICT (tag) DO NOTHING;
  COMMIT;
  here := '';
  LOOP
    SELECT array_agg(tag ORDER BY tag) INTO names FROM (SELECT tag FROM tags WHERE tag > here ORDER BY tag LIMIT batch) AS next;
    EXIT WHEN names IS NULL;
    here := names[array_length(names, 1)];
    PERFORM FROM tags WHERE tag = ANY (names) ORDER BY tag FOR UPDATE;
    UPDATE tags SET articles_count = counted.articles
      FROM (SELECT name, (SELECT count(*) FROM article_tags WHERE tag = name) AS articles FROM unnest(names) AS name) AS counted
     WHERE tags.tag = counted.name AND tags.articles_count <> counted.articles;
    DELETE FROM tags WHERE tag = ANY (names) AND articles_count = 0;
    COMMIT;
  END LOOP;

  PERFORM FROM article_totals ORDER BY slot FOR NO KEY UPDATE;
  UPDATE article_totals SET articles_count = CASE slot WHEN 0 THEN (SELECT count(*) FROM articles) ELSE 0 END;
END $$;
