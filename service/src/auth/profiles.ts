/** People as others see them. */
import type { Profile } from '../contract/fields.ts';
import { type Database, statement } from '../database/query.ts';
import { RequestError } from '../errors.ts';

const byUsername = statement<Profile, [viewer: number | null, username: string]>(
  'profile-by-username',
  `SELECT username, bio, image,
          EXISTS (SELECT FROM follows WHERE follower_id = $1::bigint AND followed_id = users.id) AS following
     FROM users WHERE lower(username) = lower($2)`,
);

const insertFollow = statement<Profile & { self: boolean }, [viewer: number, username: string]>(
  'insert-follow',
  `WITH followed AS (SELECT id, username, bio, image FROM users WHERE lower(username) = lower($2)),
        inserted AS (
          INSERT INTO follows (follower_id, followed_id) SELECT $1, id FROM followed WHERE id <> $1
          ON CONFLICT DO NOTHING
        )
   SELECT username, bio, image, true AS following, id = $1 AS self FROM followed`,
);

const deleteFollow = statement<Profile, [viewer: number, username: string]>(
  'delete-follow',
  `WITH followed AS (SELECT id, username, bio, image FROM users WHERE lower(username) = lower($2)),
        deleted AS (
          DELETE FROM follows USING followed WHERE follower_id = $1 AND followed_id = followed.id
        )
   SELECT username, bio, image, false AS following FROM followed`,
);

/**
 * The profile of a name, whatever its case.
 *
 * @param viewer the id of whoever looks, null for a guest
 */
export async function profileByUsername(
  database: Database,
  viewer: number | null,
  username: string,
): Promise<Profile | undefined> {
  return (await byUsername(database, viewer, username))[0];
}

/**
 * Makes `viewer` follow somebody; a second time changes nothing.
 *
 * @returns the profile as it is then; undefined when nobody is called so
 * @throws {@link RequestError} 422 when it is their own name
 */
export async function follow(
  database: Database,
  viewer: number,
  username: string,
): Promise<Profile | undefined> {
  const [followed] = await insertFollow(database, viewer, username);
  if (followed === undefined) return undefined;
  const { self, ...profile } = followed;
  if (self) throw new RequestError(422, { profile: ["can't be followed by its owner"] });
  return profile;
}

/**
 * Makes `viewer` follow somebody no longer; a second time changes nothing.
 *
 * @returns the profile as it is then; undefined when nobody is called so
 */
export async function unfollow(
  database: Database,
  viewer: number,
  username: string,
): Promise<Profile | undefined> {
  return (await deleteFollow(database, viewer, username))[0];
}
