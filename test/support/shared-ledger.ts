import type { ChildProcess } from 'node:child_process';
import type { Ledger, NewEvent, RecordedEvent } from '../../libs/ledger/index.ts';
import { WrongExpectedRevision } from '../../libs/ledger/index.ts';

/** A question of a process to the one that has the ledger, and its answer. */
type Asked =
  | { readonly ask: 'append'; readonly stream: string; readonly expected: number | 'no-stream' | 'any'; readonly events: readonly NewEvent[] }
  | { readonly ask: 'read'; readonly stream: string; readonly fromRevision: number }
  | { readonly ask: 'revisions' };

interface Question {
  readonly id: number;
  readonly question: Asked;
}

interface Answer {
  readonly id: number;
  readonly answer?: unknown;
  readonly wrongRevision?: number;
}

/** Lets a child process use a ledger of this one, over its channel: a store that several processes share. */
export function shareLedger(ledger: Ledger, child: ChildProcess): void {
  child.on('message', (message: unknown) => {
    const { id, question } = message as Question;
    if (question === undefined) return;
    answer(ledger, question).then(
      (found) => child.send({ id, answer: found } satisfies Answer),
      (error: unknown) => child.send({ id, wrongRevision: (error as WrongExpectedRevision).actual } satisfies Answer),
    );
  });
}

async function answer(ledger: Ledger, question: Asked): Promise<unknown> {
  switch (question.ask) {
    case 'append':
      return { ...(await ledger.append(question.stream, question.expected, question.events)), revisions: revisionsOf(ledger) };
    case 'read': {
      const events: RecordedEvent[] = [];
      for await (const batch of ledger.read(question.stream, { fromRevision: question.fromRevision })) {
        for (const { id, type, schemaVersion, time, data, metadata, stream, revision, position } of batch)
          events.push({ id, type, schemaVersion, time, data, metadata, stream, revision, position });
      }
      return events;
    }
    case 'revisions':
      return revisionsOf(ledger);
  }
}

const revisionsOf = (ledger: Ledger): [string, number][] => ledger.streams('').map((stream) => [stream, ledger.revision(stream)]);

/** In the child: the ledger of the parent. It knows the revisions that it was last told, as a node of a shared log does; `look` asks for them anew. */
export function ledgerOfParent(): Ledger & { look(): Promise<void> } {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void; stream: string }>();
  const revisions = new Map<string, number>();
  let count = 0;
  process.on('message', (message: unknown) => {
    const { id, answer: found, wrongRevision } = message as Answer;
    const asked = waiting.get(id);
    if (asked === undefined) return;
    waiting.delete(id);
    if (wrongRevision === undefined) return asked.resolve(found);
    revisions.set(asked.stream, wrongRevision);
    asked.reject(new WrongExpectedRevision(asked.stream, 'any', wrongRevision));
  });
  const ask = (question: Asked): Promise<unknown> =>
    new Promise((resolve, reject) => {
      waiting.set(++count, { resolve, reject, stream: 'stream' in question ? question.stream : '' });
      process.send!({ id: count, question } satisfies Question); // it is a child
    });
  const learn = (told: readonly (readonly [string, number])[]): void => {
    for (const [stream, revision] of told) revisions.set(stream, revision);
  };
  return {
    async append(stream, expected, events) {
      const result = (await ask({ ask: 'append', stream, expected, events })) as Awaited<ReturnType<Ledger['append']>> & {
        revisions: [string, number][];
      };
      learn(result.revisions);
      return result;
    },
    async *read(stream, { fromRevision = 0 } = {}) {
      yield (await ask({ ask: 'read', stream, fromRevision })) as RecordedEvent[];
    },
    look: async () => learn((await ask({ ask: 'revisions' })) as [string, number][]),
    revision: (stream) => revisions.get(stream) ?? -1,
    streams: (prefix) => [...revisions.keys()].filter((stream) => stream.startsWith(prefix)),
    head: () => 0,
    readAll: () => {
      throw new Error('not needed here');
    },
    subscribe: () => {
      throw new Error('not needed here');
    },
    close: async () => {},
  };
}
