import type { Pool } from '../database/pool.ts';

/** What changes by itself: counts of tries. */
const LEFT_OUT = ['rate_limits'];

/** Everything that a database holds, by table, so that two moments can be compared. */
export async function tableDump(pool: Pool): Promise<Record<string, string[]>> {
  const { rows: tables } = await pool.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables
      WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name <> ALL ($1) ORDER BY 1`,
    [LEFT_OUT],
  );
  const dump: Record<string, string[]> = {};
  for (const { name } of tables) {
    const { rows } = await pool.query<{ row: string }>(
      `SELECT to_jsonb(t)::text AS row FROM "${name}" AS t ORDER BY 1`,
    );
    dump[name] = rows.map(({ row }) => row);
  }
  return dump;
}
