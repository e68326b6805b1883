import { describe, expect, test } from '@jest/globals';
import type { AddOn } from '../../flux/add-on.ts';
import { chooseAddOns } from './choose.ts';

const addOn = (name: string, ...dependsOn: string[]): AddOn => ({
  name,
  namespace: name,
  dependsOn,
  why: 'It is a test.',
  objects() {},
});

const ALL = [addOn('mesh'), addOn('dashboard', 'mesh'), addOn('edge', 'mesh'), addOn('logs')];

function choose(...leftOut: string[]) {
  const { kept, missed } = chooseAddOns(ALL, (name) => !leftOut.includes(name));
  return { kept: kept.map(({ name }) => name), missed: Object.fromEntries(missed) };
}

describe('a choice of add-ons', () => {
  test('is all of them where nothing is left out', () => {
    expect(choose()).toEqual({ kept: ['mesh', 'dashboard', 'edge', 'logs'], missed: {} });
  });

  test('lacks what nobody needs, and nobody misses it', () => {
    expect(choose('logs', 'dashboard')).toEqual({ kept: ['mesh', 'edge'], missed: {} });
  });

  test('tells who stands on what is left out', () => {
    expect(choose('mesh').missed).toEqual({ mesh: ['dashboard', 'edge'] });
    expect(choose('mesh', 'edge').missed).toEqual({ mesh: ['dashboard'] });
  });

  test('counts nobody who is left out too', () => {
    expect(choose('mesh', 'edge', 'dashboard').missed).toEqual({});
  });
});
