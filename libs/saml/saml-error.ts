/** A document or message that is not taken. The text says why, in half a sentence, and repeats no value of it. */
export class SamlInvalid extends Error {
  override readonly name: string = 'SamlInvalid';
}

/** A message whose time is over. */
export class SamlExpired extends SamlInvalid {
  override readonly name = 'SamlExpired';
}

/** The identity provider says that the sign-in failed. */
export class SamlRejected extends SamlInvalid {
  override readonly name = 'SamlRejected';
}
