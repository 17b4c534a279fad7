import type { SagaEvent } from '../saga.ts';

/** What stands in a rotation's stream beside the runner's own facts. Names of keys, users and times; never a secret. */
export type RotationFact =
  | {
      readonly type: 'RotationPlanned';
      readonly data: {
        /** 1 for a user's first rotation; each has a stream of its own. */
        readonly rotation: number;
        readonly accountId: string;
        readonly userId: string;
        readonly userName: string;
        /** The key that is to be replaced, and when it was made. */
        readonly accessKeyId: string;
        readonly createDate: string;
      };
    }
  /** The owner took the secret from the pick-up address. Recorded before it is handed over, so it is handed over once. */
  | { readonly type: 'SecretCollected'; readonly data: { readonly accessKeyId: string; readonly attempt: number; readonly sourceIPAddress: string } }
  | { readonly type: 'DeliveryExpired'; readonly data: { readonly accessKeyId: string; readonly attempt: number } }
  | { readonly type: 'ObservationStarted'; readonly data: { readonly accessKeyId: string } }
  /** An attempt to use the old key after it was made inactive. */
  | { readonly type: 'OldKeyUsedAgain'; readonly data: { readonly accessKeyId: string; readonly at: string } }
  /** Somebody did by hand what the saga was about to do, or undid what it had done. */
  | { readonly type: 'OldKeyFoundInactive' | 'OldKeyFoundActive' | 'OldKeyFoundDeleted'; readonly data: { readonly accessKeyId: string } }
  | { readonly type: 'NewKeyLost'; readonly data: { readonly accessKeyId: string } }
  | { readonly type: 'RotationBlocked'; readonly data: { readonly reason: BlockedReason; readonly accessKeyIds: readonly string[] } }
  | { readonly type: 'RotationUnblocked'; readonly data: Readonly<Record<string, never>> }
  | { readonly type: 'RotationStuck'; readonly data: { readonly reason: StuckReason } }
  /** What it was stuck at is past. */
  | { readonly type: 'RotationUnstuck'; readonly data: Readonly<Record<string, never>> }
  /** Goes on although the new key was not used, or the old one is: somebody approved it, or the policy says so. */
  | { readonly type: 'RotationForced'; readonly data: { readonly by: string } }
  | { readonly type: 'RotationHeld'; readonly data: { readonly reason: HeldReason; readonly detail: string } }
  | { readonly type: 'RotationResumed'; readonly data: Readonly<Record<string, never>> }
  | { readonly type: 'RotationCompleted'; readonly data: { readonly accessKeyId: string; readonly daysFromDue: number } }
  | { readonly type: 'RotationSuperseded'; readonly data: { readonly reason: SupersededReason } }
  | { readonly type: 'RotationExempted'; readonly data: { readonly detail: string } }
  | { readonly type: 'RotationCancelled'; readonly data: { readonly accessKeyIdsLeft: readonly string[] } };

export type BlockedReason = 'TwoActiveKeys' | 'SecondKeyInactive' | 'NoRoomForAKey';
export type StuckReason =
  | 'NotCreated'
  | 'NewKeysDeleted'
  | 'NotDelivered'
  | 'NewKeyInactive'
  | 'NewKeyUnused'
  | 'OldKeyStillUsed'
  | 'NotDeactivated'
  | 'NotDeleted'
  | 'NotReactivated';
export type HeldReason = 'Exempt' | 'ExemptionsUnreadable' | 'SettingsUnreadable';
export type SupersededReason = 'UserDeleted' | 'OldKeyDeleted' | 'OldKeyInactive' | 'KeysDeleted' | 'NotDue';

export type RotationEvent = SagaEvent<RotationFact>;
