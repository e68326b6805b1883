import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { answer, type ResourceEvent } from './answer.ts';

// The address that CloudFormation gives a function to answer at.
let server: Server;
let url: string;
let answers: unknown[] = [];
let status = 200;

beforeAll(async () => {
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      answers.push({ method: request.method, type: request.headers['content-type'], ...JSON.parse(text) });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
beforeEach(() => {
  answers = [];
  status = 200;
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const event = (more: Partial<ResourceEvent<object>> = {}): ResourceEvent<object> => ({
  RequestType: 'Create',
  ResponseURL: url,
  StackId: 'stack',
  RequestId: 'request',
  LogicalResourceId: 'logical',
  ResourceProperties: {},
  ...more,
});

const common = { method: 'PUT', StackId: 'stack', RequestId: 'request', LogicalResourceId: 'logical' };

describe('an answer to CloudFormation', () => {
  test('says that it was done, and what was made', async () => {
    await answer(event(), 'made', async () => undefined);
    expect(answers).toEqual([
      expect.objectContaining({ ...common, Status: 'SUCCESS', PhysicalResourceId: 'made' }),
    ]);
  });

  test('says why it was not done, so that the stack does not wait for an hour', async () => {
    await answer(event(), 'made', () => Promise.reject(new Error('the database is away')));
    expect(answers).toEqual([
      expect.objectContaining({ ...common, Status: 'FAILED', Reason: 'the database is away' }),
    ]);
  });

  test('keeps the name of what is there, or CloudFormation would delete it', async () => {
    const update = event({ RequestType: 'Update', PhysicalResourceId: 'as-it-was-called' });
    await answer(update, 'made', async () => undefined);
    expect(answers).toEqual([expect.objectContaining({ PhysicalResourceId: 'as-it-was-called' })]);
  });

  test('that is not taken fails the call, which Lambda then tries again', async () => {
    status = 403;
    await expect(answer(event(), 'made', async () => undefined)).rejects.toThrow('took no answer: 403');
  });
});
