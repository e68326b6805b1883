import { describe, expect, test } from '@jest/globals';
import { hashPassword, verifyPassword } from './password.ts';

describe('a password', () => {
  test('is kept as argon2id at the cost that OWASP asks for', async () => {
    expect(await hashPassword('correct horse')).toMatch(
      /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/,
    );
  });

  test('is known again, and no other is', async () => {
    const hash = await hashPassword('correct horse');
    expect(await verifyPassword('correct horse', hash)).toBe(true);
    expect(await verifyPassword('correct horsf', hash)).toBe(false);
    expect(await verifyPassword('', hash)).toBe(false);
  });

  test('has another hash each time', async () => {
    expect(await hashPassword('same')).not.toBe(await hashPassword('same'));
  });

  test('is the same however its characters are encoded', async () => {
    expect(await verifyPassword('cafe\u0301', await hashPassword('caf\u00e9'))).toBe(true);
  });

  test('of nobody is wrong', async () => {
    expect(await verifyPassword('anything', undefined)).toBe(false);
  });

  test('can be verified at the cost it was once hashed with', async () => {
    const { argon2Sync } = await import('node:crypto');
    const nonce = Buffer.from('somesaltsomesalt');
    const key = argon2Sync('argon2id', {
      message: 'old',
      nonce,
      memory: 64,
      passes: 3,
      parallelism: 1,
      tagLength: 16,
    });
    const part = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '');
    expect(await verifyPassword('old', `$argon2id$v=19$m=64,t=3,p=1$${part(nonce)}$${part(key)}`)).toBe(true);
  });

  test('is an error of ours when its hash is no hash', async () => {
    await expect(verifyPassword('anything', 'plain')).rejects.toThrow('no argon2id PHC string');
  });
});
