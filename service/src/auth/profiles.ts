/** People as others see them. */
import type { Profile } from '../contract/fields.ts';
import { type Database, statement } from '../database/query.ts';

const byUsername = statement<Profile, [viewer: number | null, username: string]>(
  'profile-by-username',
  `SELECT username, bio, image,
          EXISTS (SELECT FROM follows WHERE follower_id = $1::bigint AND followed_id = users.id) AS following
     FROM users WHERE lower(username) = lower($2)`,
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
