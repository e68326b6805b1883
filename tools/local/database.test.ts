import { expect, it } from '@jest/globals';
import { openDatabase, withoutSecrets } from './database.ts';

it.each([
  ['postgres://ada:secret@db.example:5433/conduit', 'postgres://ada:***@db.example:5433/conduit'],
  ['postgresql://db.example/conduit?user=ada&password=secret', 'postgresql://db.example/conduit'],
])('shows %s as %s', (url, shown) => expect(withoutSecrets(url)).toBe(shown));

it('refuses what is no address, without repeating it', () => {
  expect(() => withoutSecrets('secret')).toThrow(/^DATABASE_URL is no address: postgres:.*$/);
});

it('leaves a database alone that is not its own', async () => {
  const databaseUrl = 'postgres://ada:secret@db.example/conduit';
  const database = await openDatabase({ root: '/nowhere', databaseUrl, fresh: false, throwaway: true });
  expect(database).toMatchObject({
    url: databaseUrl,
    says: 'postgres://ada:***@db.example/conduit (DATABASE_URL)',
  });
  await database.stop();
});

it('refuses --fresh for it', async () => {
  const asked = openDatabase({
    root: '/nowhere',
    databaseUrl: 'postgres://db/x',
    fresh: true,
    throwaway: false,
  });
  await expect(asked).rejects.toThrow('unset one of them');
});
