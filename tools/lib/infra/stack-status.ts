// What the status of a stack means for who wants to change it.
// @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html#cfn-console-view-stack-data-status-codes

/** Whether CloudFormation is at work on it, and will come to an end by itself. */
export function isUnderWay(status: string): boolean {
  // A change that was described and never begun waits for a person.
  return status.endsWith('_IN_PROGRESS') && status !== 'REVIEW_IN_PROGRESS';
}

/** Whether it is as some template says. */
export function isStanding(status: string): boolean {
  return /^(CREATE|UPDATE|IMPORT|UPDATE_ROLLBACK|IMPORT_ROLLBACK)_COMPLETE$/.test(status);
}

/** Whether it never came to be: it is deleted, and made anew. */
export function neverWas(status: string): boolean {
  return /^(REVIEW_IN_PROGRESS|ROLLBACK_COMPLETE|CREATE_FAILED)$/.test(status);
}
