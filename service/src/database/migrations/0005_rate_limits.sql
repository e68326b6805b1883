-- How often what was tried lately; see src/auth/limits.ts. Unlogged: it is written at every sign-in, and a database that
-- crashes may forget it.
CREATE UNLOGGED TABLE rate_limits (
  -- What is limited, hashed: it holds addresses, and whatever people type where an e-mail address should be.
  key   text PRIMARY KEY,
  -- When nothing that was taken is missing any more. What lies in the past says nothing and is removed.
  until timestamptz NOT NULL
);
CREATE INDEX rate_limits_until ON rate_limits (until);
