-- People. Names and addresses are unique whatever their case, and kept as they were typed.
CREATE TABLE users (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  username      text NOT NULL,
  email         text NOT NULL,
  password_hash text NOT NULL,
  bio           text,
  image         text,
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX users_username_key ON users (lower(username));
CREATE UNIQUE INDEX users_email_key ON users (lower(email));

CREATE TABLE follows (
  follower_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
  followed_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
  created_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (follower_id, followed_id),
  CHECK (follower_id <> followed_id)
);
CREATE INDEX follows_followed ON follows (followed_id);

CREATE TABLE articles (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  author_id   bigint NOT NULL REFERENCES users ON DELETE CASCADE,
  slug        text NOT NULL,
  title       text NOT NULL,
  description text NOT NULL,
  body        text NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX articles_slug_key ON articles (slug);
-- Newest first; the id settles articles of the same moment.
CREATE INDEX articles_newest ON articles (created_at DESC, id DESC);
CREATE INDEX articles_newest_of_author ON articles (author_id, created_at DESC, id DESC);

-- A tag exists as long as an article bears it; `position` keeps the order in which the author gave them.
CREATE TABLE article_tags (
  article_id bigint NOT NULL REFERENCES articles ON DELETE CASCADE,
  position   integer NOT NULL,
  tag        text NOT NULL,
  PRIMARY KEY (article_id, position),
  UNIQUE (tag, article_id)
);

CREATE TABLE favorites (
  article_id bigint NOT NULL REFERENCES articles ON DELETE CASCADE,
  user_id    bigint NOT NULL REFERENCES users ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (article_id, user_id)
);
CREATE INDEX favorites_of_user ON favorites (user_id, article_id);
