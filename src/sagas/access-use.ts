/** What a saga may ask of the access history. All dates are of the last use that was seen, failed attempts included; `undefined`: never seen. */
export interface AccessUse {
  /** Last use of an access key, of an owner's password, of a role by any session. */
  accessKey(accessKeyId: string): Date | undefined;
  /** A use that was refused counts as an attempt: after a key was made inactive this is how its use is seen. */
  accessKeyAttempt(accessKeyId: string): Date | undefined;
  password(userId: string): Date | undefined;
  role(roleId: string): Date | undefined;
  /** Last use of a service's action by a principal (its unique id, `AIDA…` or `AROA…`); keys are `service:Action`. */
  actions(principalId: string): ReadonlyMap<string, Date>;
  /** The history is complete from here on: nothing before it can be called unused. */
  readonly since: Date;
}
