import { describe, expect, test } from '@jest/globals';
import type { Resource, Template } from '../templates.ts';
import { compareTemplates } from './compare-templates.ts';
import { type Replacement, replacementBySchema } from './replacement.ts';

let schema: Replacement | undefined;
const bySchema = () => (schema ??= replacementBySchema());

const template = (Resources: Record<string, Resource>): Template => ({ Resources });
const database = (Properties: object, more: object = {}): Resource => ({
  Type: 'AWS::RDS::DBInstance',
  Properties: { DBInstanceIdentifier: 'prod', ...Properties },
  ...more,
});
const compare = (before: Record<string, Resource>, after: Record<string, Resource>) =>
  compareTemplates('prod-data', template(before), template(after), bySchema).map(({ id, fate, because }) =>
    [id, fate, ...because].join(' '),
  );

describe('what happens to a resource', () => {
  test.each<[string, object, object, string[]]>([
    ['nothing changed', { Port: '1' }, { Port: '1' }, []],
    ['a size changed', { DBInstanceClass: 'a' }, { DBInstanceClass: 'b' }, ['db changes DBInstanceClass']],
    ['its key changed', { KmsKeyId: 'a' }, { KmsKeyId: 'b' }, ['db is replaced KmsKeyId']],
    ['it lost its encryption', { StorageEncrypted: true }, {}, ['db is replaced StorageEncrypted']],
    ['it depends on more', { Engine: 'a' }, { Engine: 'b' }, ['db may be replaced Engine']],
    ['its name changed', {}, { DBInstanceIdentifier: 'other' }, ['db is replaced DBInstanceIdentifier']],
  ])('%s', (_, before, after, fates) => {
    expect(compare({ db: database(before) }, { db: database(after) })).toEqual(fates);
  });

  test('it is new, or gone', () => {
    expect(compare({ a: { Type: 'AWS::SQS::Queue' } }, { b: { Type: 'AWS::SNS::Topic' } })).toEqual([
      'a goes',
      'b appears',
    ]);
  });

  test('under another id, the same name is another resource', () => {
    expect(compare({ db: database({}) }, { db2: database({}) })).toEqual([
      'db is replaced its id becomes db2',
      'db2 appears',
    ]);
  });

  test('another type is another resource', () => {
    expect(compare({ a: { Type: 'AWS::SQS::Queue' } }, { a: { Type: 'AWS::SNS::Topic' } })).toEqual([
      'a is replaced it was AWS::SQS::Queue',
    ]);
  });

  test('it no longer outlives its stack', () => {
    const kept = database({}, { DeletionPolicy: 'Snapshot' });
    expect(compare({ db: kept }, { db: database({}, { DeletionPolicy: 'Delete' }) })).toEqual([
      'db changes DeletionPolicy',
    ]);
  });

  test('what it stands on is replaced, and so is it', () => {
    const group = (SubnetIds: string[]): Resource => ({
      Type: 'AWS::RDS::DBSubnetGroup',
      Properties: { DBSubnetGroupName: SubnetIds.join('-'), SubnetIds },
    });
    const on = (id: string) => database({ DBSubnetGroupName: { Ref: id } });
    expect(
      compare({ db: on('group'), group: group(['a']) }, { db: on('group'), group: group(['b']) }),
    ).toEqual(['group is replaced DBSubnetGroupName', 'db is replaced DBSubnetGroupName']);
  });
});

test('a stack that is not there yet holds nothing that could be lost', () => {
  const changes = compareTemplates('prod-data', undefined, template({ db: database({}) }), bySchema);
  expect(changes).toMatchObject([{ fate: 'appears', name: 'prod', state: { isData: true } }]);
});

test('what takes a second to load is asked only where something changed', () => {
  const same = template({ db: database({}) });
  const never = () => {
    throw new Error('asked');
  };
  expect(compareTemplates('prod-data', same, JSON.parse(JSON.stringify(same)), never)).toEqual([]);
});
