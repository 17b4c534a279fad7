/** What the main thread and the thread that writes a projection say to each other. */

/** Where a projection stands: it is stored in the same transaction as its rows. */
export interface Checkpoint {
  /** Position of the last event applied; 0: none. */
  readonly position: number;
  readonly eventId: string;
}

export type ToWriter<Event> = { readonly kind: 'events'; readonly events: readonly Event[] } | { readonly kind: 'close' };

export type FromWriter<Point extends Checkpoint> =
  | { readonly kind: 'opened' | 'applied'; readonly checkpoint: Point }
  /** So many events have been read from a message: there is room for others. They are not yet applied. */
  | { readonly kind: 'taken'; readonly events: number }
  /**
   * An event could not be applied, or a file not written. Everything up to the checkpoint is applied; nothing will be from here on.
   * `temporary`: the disk is full or failed; another try, later, may do it.
   */
  | { readonly kind: 'stopped'; readonly checkpoint: Point | undefined; readonly message: string; readonly temporary: boolean }
  | { readonly kind: 'closed' };
