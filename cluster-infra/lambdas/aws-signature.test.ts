import { describe, expect, test } from '@jest/globals';
import { presignedUrl, signedHeaders } from './aws-signature.ts';

// The examples that AWS publishes for this.
const credentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};

describe('a signature', () => {
  // https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
  test("of an address is that of AWS's example", () => {
    const url = presignedUrl(
      {
        method: 'GET',
        host: 'examplebucket.s3.amazonaws.com',
        path: '/test.txt',
        region: 'us-east-1',
        service: 's3',
        now: new Date('2013-05-24T00:00:00Z'),
      },
      credentials,
      86_400,
      'UNSIGNED-PAYLOAD',
    );
    expect(url).toBe(
      'https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
    );
  });

  // https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, "GET Bucket Lifecycle"
  test("of headers is that of AWS's example", () => {
    const { authorization } = signedHeaders(
      {
        method: 'GET',
        host: 'examplebucket.s3.amazonaws.com',
        path: '/',
        query: { lifecycle: '' },
        headers: {
          'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
        },
        region: 'us-east-1',
        service: 's3',
        now: new Date('2013-05-24T00:00:00Z'),
      },
      credentials,
    );
    expect(authorization).toBe(
      'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    );
  });

  test('names the session of temporary credentials', () => {
    const request = {
      method: 'GET' as const,
      host: 'sts.eu-west-1.amazonaws.com',
      path: '/',
      region: 'eu-west-1',
      service: 'sts',
      now: new Date('2026-01-01T00:00:00Z'),
    };
    const temporary = { ...credentials, sessionToken: 'a+b/c=' };
    expect(presignedUrl(request, temporary, 60)).toContain('&X-Amz-Security-Token=a%2Bb%2Fc%3D&');
    expect(signedHeaders(request, temporary)).toMatchObject({ 'x-amz-security-token': 'a+b/c=' });
  });
});
