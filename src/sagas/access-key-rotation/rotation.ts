import type { Steps } from '../attempts.ts';
import type { BlockedReason, HeldReason, StuckReason } from './facts.ts';

/** The line that a rotation walks; what holds it up stands beside it. See {@link stageOf}. */
export type Phase =
  | 'None'
  | 'Planned'
  | 'Noticed'
  | 'NewKeyCreated'
  | 'Delivered'
  | 'Observing'
  | 'OldDeactivated'
  | 'RecoveryWindow'
  | 'RolledBack'
  | 'OldDeleted'
  | 'Completed'
  | 'Superseded'
  | 'Exempted'
  | 'Cancelled';

export type Stage = Phase | 'Blocked' | 'Stuck' | 'Escalated';

/** Something that waits for a person. */
export interface Trouble {
  readonly kind: 'Blocked' | 'Stuck';
  readonly reason: BlockedReason | StuckReason;
  readonly since: string;
  readonly toldOwner: boolean;
  readonly toldSecurity: boolean;
}

/** One rotation of one user's key: folded from its stream and from nothing else. */
export interface Rotation {
  readonly phase: Phase;
  readonly rotation: number;
  readonly accountId: string;
  readonly userId: string;
  readonly userName: string;
  readonly oldKeyId: string;
  readonly oldCreateDate: string;
  readonly plannedAt: string;
  readonly newKeyId: string | undefined;
  /** New keys of this rotation that somebody deleted by hand. */
  readonly newKeysLost: number;
  /** Days before the end that the owner was told, and when first. */
  readonly noticesSent: readonly number[];
  readonly firstNoticeAt: string | undefined;
  readonly delivered: boolean;
  /** A pick-up that was offered and is not taken yet: of which attempt, and until when. */
  readonly offer: { readonly attempt: number; readonly expiresAt: string } | undefined;
  readonly offersExpired: number;
  /** How far a channel that takes several steps has got: which, and what it is to be asked next. */
  readonly deliveryStage: { readonly channel: string; readonly next: string } | undefined;
  readonly createdAt: string | undefined;
  readonly observingSince: string | undefined;
  readonly deactivatedAt: string | undefined;
  readonly oldUsedAgainAt: string | undefined;
  readonly rollbacks: number;
  readonly forcedBy: string | undefined;
  /** When somebody last approved that it goes on: what is given a deadline is given it anew from there. */
  readonly approvedAt: string | undefined;
  readonly trouble: Trouble | undefined;
  readonly held: HeldReason | undefined;
  readonly paused: boolean;
  readonly cancelling: boolean;
  readonly steps: Steps;
  readonly wakeAt: string | undefined;
}

export const steps = {
  create: 'create-access-key',
  deliver: 'deliver',
  deactivateOld: 'deactivate-old-key',
  reactivateOld: 'reactivate-old-key',
  deleteOld: 'delete-old-key',
  deactivateNew: 'withdraw-new-key',
  deleteNew: 'delete-new-key',
  tellDeactivated: 'notice-deactivated',
  tellRolledBack: 'notice-rolled-back',
  escalateOwner: 'escalate-owner',
  escalateSecurity: 'escalate-security',
} as const;

export const noticePrefix = 'notice-days-';
export const noticeStep = (days: number): string => `${noticePrefix}${days}`;

export const noRotation: Rotation = {
  phase: 'None',
  rotation: 0,
  accountId: '',
  userId: '',
  userName: '',
  oldKeyId: '',
  oldCreateDate: '',
  plannedAt: '',
  newKeyId: undefined,
  newKeysLost: 0,
  noticesSent: [],
  firstNoticeAt: undefined,
  delivered: false,
  offer: undefined,
  offersExpired: 0,
  deliveryStage: undefined,
  createdAt: undefined,
  observingSince: undefined,
  deactivatedAt: undefined,
  oldUsedAgainAt: undefined,
  rollbacks: 0,
  forcedBy: undefined,
  approvedAt: undefined,
  trouble: undefined,
  held: undefined,
  paused: false,
  cancelling: false,
  steps: {},
  wakeAt: undefined,
};

export const phasesOver: ReadonlySet<Phase> = new Set(['Completed', 'Superseded', 'Exempted', 'Cancelled']);

/** Nothing will be done any more: the user's next rotation has a stream of its own. */
export const isOver = ({ phase }: Rotation): boolean => phasesOver.has(phase);

/** Where a rotation is, in the words of the operator's documentation. */
export function stageOf({ phase, trouble }: Rotation): Stage {
  if (trouble === undefined || phasesOver.has(phase)) return phase;
  if (trouble.toldSecurity || (trouble.kind === 'Stuck' && trouble.toldOwner)) return 'Escalated';
  return trouble.kind;
}
