/** Something the user can mend: its message is shown as it is, without a stack, and the command exits 2. */
export class UserError extends Error {
  override readonly name = 'UserError';
}
