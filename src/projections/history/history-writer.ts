import { mkdirSync } from 'node:fs';

import type { Checkpoint } from '../follow/messages.ts';

import { callOf, continues, isCallStream, UnreadableEvent, type HistoryEvent, type NewCall } from './call.ts';
import { countSegments, segmentPath } from './segment-file.ts';
import { openSegmentWriter, type SegmentWriter } from './segment-writer.ts';

/** Where the history stands. */
export interface HistoryCheckpoint extends Checkpoint {
  readonly segments: number;
}

/**
 * Folds events into the segments of one directory. Exactly once, whatever happens: rows and checkpoint are one transaction, and only the event after
 * the checkpoint is taken.
 */
export interface HistoryWriter {
  checkpoint(): HistoryCheckpoint;
  /**
   * Applies `events`, all of them (in one transaction, or one for each segment they fall into); they are taken one at a time.
   * @throws UnreadableEvent an event cannot be applied, or is not the next one. Everything before it is applied, nothing after it.
   */
  apply(events: Iterable<HistoryEvent>): void;
  close(): void;
}

/** Opens the history in `directory`, which is created where missing. A new segment begins at the first call after `segmentCallsMax` calls. */
export function openHistoryWriter(directory: string, segmentCallsMax: number): HistoryWriter {
  mkdirSync(directory, { recursive: true });
  let segments = Math.max(1, countSegments(directory));
  let segment = openLastSegment();

  /**
   * A kill may have left a last segment that exists as a file but has no checkpoint yet: it begins where the one before it ends. That
   * one's checkpoint is read by opening it first.
   */
  function openLastSegment(): SegmentWriter {
    if (segments === 1) return openSegmentWriter(segmentPath(directory, 1), { position: 0, eventId: '' });
    const before = openSegmentWriter(segmentPath(directory, segments - 1), { position: 0, eventId: '' });
    const { position, eventId } = before.checkpoint();
    before.close();
    return openSegmentWriter(segmentPath(directory, segments), { position, eventId });
  }

  function startSegment(position: number, eventId: string): void {
    segment.commit(position, eventId);
    segment.close();
    segments += 1;
    segment = openSegmentWriter(segmentPath(directory, segments), { position, eventId });
    segment.begin();
  }

  function apply(events: Iterable<HistoryEvent>): void {
    let { position, eventId } = segment.checkpoint();
    let open: { readonly call: NewCall; readonly isNew: boolean } | undefined;
    let failure: UnreadableEvent | undefined;
    let calls = segment.checkpoint().calls;

    function writeOpenCall(): void {
      if (open?.isNew) segment.addCall(open.call);
      else if (open !== undefined) segment.replaceLastCall(open.call);
      open = undefined;
    }

    function take(event: HistoryEvent): void {
      if (event.position !== position + 1) {
        throw new UnreadableEvent(`event ${event.position} was delivered where event ${position + 1} is the next`);
      }
      if (isCallStream(event.stream)) {
        const before = open?.call ?? segment.lastCall();
        if (before !== undefined && continues(before, event)) {
          before.events.push({ id: event.id, type: event.type });
          before.lastPosition = event.position;
          open ??= { call: before, isNew: false };
        } else {
          const call = callOf(event);
          writeOpenCall();
          if (calls >= segmentCallsMax) {
            startSegment(position, eventId);
            calls = 0;
          }
          calls += 1;
          open = { call, isNew: true };
        }
      }
      position = event.position;
      eventId = event.id;
    }

    segment.begin();
    for (const event of events) {
      try {
        take(event);
      } catch (error) {
        if (!(error instanceof UnreadableEvent)) throw error;
        failure = error;
        break;
      }
    }
    writeOpenCall();
    segment.commit(position, eventId);
    if (failure !== undefined) throw failure;
  }

  return {
    checkpoint() {
      const { position, eventId } = segment.checkpoint();
      return { position, eventId, segments };
    },
    apply,
    close: () => segment.close(),
  };
}
