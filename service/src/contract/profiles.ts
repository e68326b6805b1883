/** People as others see them. */
import { z } from 'zod';
import { NONE, pathName, profile } from './fields.ts';
import type { Operation } from './operation.ts';

const params = z.object({ username: pathName });
const reply = z.object({ profile });

export const getProfile = {
  id: 'GetProfileByUsername',
  part: 'auth',
  method: 'get',
  path: '/profiles/:username',
  summary: 'A profile',
  caller: 'anyone',
  subject: 'profile',
  params,
  query: NONE,
  body: undefined,
  status: 200,
  reply,
  errors: [401, 404],
} as const satisfies Operation;

export const follow = {
  id: 'FollowUserByUsername',
  part: 'auth',
  method: 'post',
  path: '/profiles/:username/follow',
  summary: 'Follow somebody',
  caller: 'user',
  subject: 'profile',
  params,
  query: NONE,
  body: undefined,
  status: 200,
  reply,
  errors: [401, 404, 422],
} as const satisfies Operation;

export const unfollow = {
  id: 'UnfollowUserByUsername',
  part: 'auth',
  method: 'delete',
  path: '/profiles/:username/follow',
  summary: 'Follow somebody no longer',
  caller: 'user',
  subject: 'profile',
  params,
  query: NONE,
  body: undefined,
  status: 200,
  reply,
  errors: [401, 404],
} as const satisfies Operation;
