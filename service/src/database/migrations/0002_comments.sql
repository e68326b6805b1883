-- What readers say about an article.
CREATE TABLE comments (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  article_id bigint NOT NULL REFERENCES articles ON DELETE CASCADE,
  author_id  bigint NOT NULL REFERENCES users ON DELETE CASCADE,
  body       text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX comments_of_article ON comments (article_id, id DESC);
-- For the removal of an account.
CREATE INDEX comments_of_author ON comments (author_id);
