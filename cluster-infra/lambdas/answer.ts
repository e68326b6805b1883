// What CloudFormation asks of a function that stands for a resource, and how it is answered.

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html */
export interface ResourceEvent<Properties> {
  RequestType: 'Create' | 'Update' | 'Delete';
  ResponseURL: string;
  StackId: string;
  RequestId: string;
  LogicalResourceId: string;
  PhysicalResourceId?: string;
  ResourceProperties: Properties;
}

/**
 * Does what a resource stands for and tells CloudFormation how it went, which waits an hour for it otherwise.
 *
 * @param work throws when it could not be done; CloudFormation shows the message
 * @param resource the name of what is made; it must stay the same, or CloudFormation deletes what has the old one
 */
export async function answer<Properties>(
  event: ResourceEvent<Properties>,
  resource: string,
  work: (event: ResourceEvent<Properties>) => Promise<void>,
): Promise<void> {
  const problem = await work(event).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  // Seen in the function's log, beside the one line that CloudFormation shows.
  if (problem !== undefined) console.error(`${event.RequestType} of ${event.LogicalResourceId}: ${problem}`);
  const { StackId, RequestId, LogicalResourceId } = event;
  const body = JSON.stringify({
    Status: problem === undefined ? 'SUCCESS' : 'FAILED',
    Reason: problem ?? '',
    PhysicalResourceId: event.PhysicalResourceId ?? resource,
    StackId,
    RequestId,
    LogicalResourceId,
  });
  // The address is signed for exactly these headers.
  const response = await fetch(event.ResponseURL, { method: 'PUT', headers: { 'content-type': '' }, body });
  if (!response.ok) throw new Error(`CloudFormation took no answer: ${response.status}`);
}
