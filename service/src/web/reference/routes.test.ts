import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { OPERATIONS } from '../../contract/operations.ts';
import { startTestService, type TestService } from '../../testing.ts';

let service: TestService;

beforeAll(async () => {
  service = await startTestService();
});

afterAll(() => service.stop());

test('programs find every operation, and may read it from anywhere', async () => {
  const response = await fetch(`${service.url}/api/openapi.json`);
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  const document = (await response.json()) as { openapi: string; paths: object; info: { version: string } };
  expect([document.openapi, document.info.version]).toEqual(['3.1.0', '9.8.7-test']);
  expect(Object.keys(document.paths)).toContain('/articles/{slug}/comments/{id}');
});

test('people find every operation on a page, with what to send and what comes back', async () => {
  const response = await fetch(`${service.url}/api`);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const page = await response.text();
  for (const { id, summary } of OPERATIONS) {
    expect(page).toContain(`id="${id}"`);
    expect(page).toContain(summary.replace("'", '&#39;'));
  }
  expect(page).toContain('string, email, up to 254 characters');
});

test('the stylesheet of the page is there', async () => {
  const page = await (await fetch(`${service.url}/api`)).text();
  for (const [, address] of page.matchAll(/<link rel="stylesheet" href="([^"]+)"/g)) {
    const { status, headers } = await fetch(service.url + address);
    expect([status, headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8']);
  }
});
