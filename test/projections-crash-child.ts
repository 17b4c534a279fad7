/** Writes the history of a sample log in small batches until it is killed. Arguments: directory, number of events, calls a segment. */
import { historyEventOf } from '../src/projections/history/history-event.ts';
import { openHistoryWriter } from '../src/projections/history/history-writer.ts';

import { takeEvents } from './projections-support.ts';

const [directory, count, segmentCallsMax] = process.argv.slice(2) as [string, string, string];
const events = takeEvents(Number(count), { seed: 21 }).map(historyEventOf);
const writer = openHistoryWriter(directory, Number(segmentCallsMax));
process.stdout.write('writing\n');
for (let position = writer.checkpoint().position; position < events.length;) {
  const size = 1 + (position % 23);
  writer.apply(events.slice(position, position + size));
  position = writer.checkpoint().position;
}
writer.close();
