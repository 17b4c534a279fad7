/** Writes a projection of a sample log in small batches until it is killed. Arguments: `history` or `access-history`, directory, number of events. */
import { crashedProjections } from './crashed-projections.ts';
import { takeEvents } from './projections.ts';

const [name, directory, count] = process.argv.slice(2) as [keyof typeof crashedProjections, string, string];
const writer = crashedProjections[name].open(directory);
const events = takeEvents(Number(count), { seed: 21 });
process.stdout.write('writing\n');
for (let position = writer.position(); position < events.length;) {
  const size = 1 + (position % 23);
  writer.apply(events.slice(position, position + size));
  position = writer.position();
}
writer.close();
