import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { askHidden } from './hidden-question.ts';

async function ask(typed: string, isTTY: boolean): Promise<{ readonly answer: string; readonly shown: string }> {
  const input = Object.assign(new PassThrough(), { isTTY, setRawMode: () => input }) as unknown as NodeJS.ReadStream;
  let shown = '';
  const asked = askHidden('Code: ', input, { write: (text) => (shown += text) });
  (input as unknown as PassThrough).end(typed);
  return { answer: await asked, shown };
}

describe('a hidden question', () => {
  it('shows nothing of the answer on a terminal', async () => {
    expect(await ask('123456\r', true)).toEqual({ answer: '123456', shown: 'Code: \n' });
  });

  it('takes one line of a pipe', async () => {
    expect(await ask(' 123456 \nmore\n', false)).toEqual({ answer: '123456', shown: 'Code: ' });
    expect(await ask('123456', false)).toEqual({ answer: '123456', shown: 'Code: ' });
  });

  it('has an empty answer where there is none', async () => {
    expect((await ask('', false)).answer).toBe('');
    expect((await ask('\u0003', true)).answer).toBe(''); // Ctrl-C
  });
});
