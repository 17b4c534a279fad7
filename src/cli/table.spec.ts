import { describe, expect, it } from '@jest/globals';
import { renderTable, type Column } from './table.ts';
import { jsonText, painter } from './terminal.ts';

interface Row {
  readonly name: string;
  readonly count?: number;
}

const columns: readonly Column<Row>[] = [
  { title: 'Name', value: ({ name }) => name },
  { title: 'Count', value: ({ count }) => count, align: 'right' },
];

describe('a table', () => {
  it('makes each column as wide as its widest cell and numbers stand to the right', () => {
    expect(
      renderTable(columns, [
        { name: 'alice', count: 7 },
        { name: 'bo', count: 12_345 },
      ]),
    ).toBe('Name   Count\nalice      7\nbo     12345\n');
  });

  it('leaves a missing value empty and no spaces at the end of a line', () => {
    expect(renderTable(columns, [{ name: 'alice' }])).toBe('Name   Count\nalice\n');
  });

  it('prints the titles where there are no rows', () => {
    expect(renderTable(columns, [])).toBe('Name  Count\n');
  });

  it('cuts lines at the width of the terminal and shows that it did', () => {
    const cut = renderTable(
      [
        { title: 'A', value: ({ name }) => name },
        { title: 'B', value: () => 'x'.repeat(50) },
      ],
      [{ name: 'alice' }],
      { width: 20 },
    );
    expect(cut.split('\n')[1]).toBe(`alice  ${'x'.repeat(12)}…`);
  });

  it('shows control characters in place of obeying them', () => {
    const table = renderTable(columns, [{ name: 'a\u001b[2Jb\nc\u202ed\u009be' }]);
    expect(table).toContain('a\\u001b[2Jb\\u000ac\\u202ed\\u009be');
    expect(table.split('\n')).toHaveLength(3);
  });
});

describe('JSON for a terminal', () => {
  it('is the same value with no character that a terminal obeys', () => {
    const value = { a: 'x\u001b\u007f\u009b\u202e', b: ['é'] };
    const text = jsonText(value);
    expect(JSON.parse(text)).toEqual(value);
    expect(text).toMatch(/^[ -~é]*$/);
  });
});

describe('colours', () => {
  const terminal = { write: () => undefined, isTTY: true };

  it('are there on a terminal only, and unless NO_COLOR or --no-color says otherwise', () => {
    expect(painter(terminal, {}, true)('red', 'x')).toBe('\u001b[31mx\u001b[39m');
    expect(painter({ ...terminal, isTTY: false }, {}, true)('red', 'x')).toBe('x');
    expect(painter(terminal, { NO_COLOR: '1' }, true)('red', 'x')).toBe('x');
    expect(painter(terminal, { TERM: 'dumb' }, true)('red', 'x')).toBe('x');
    expect(painter(terminal, {}, false)('red', 'x')).toBe('x');
  });
});
