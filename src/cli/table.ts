import { visible, type Style } from './terminal.ts';

/** A column of a table. */
export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string | number | undefined;
  readonly align?: 'left' | 'right';
  readonly style?: Style;
}

export interface TableOptions {
  /** Characters of a line; longer ones are cut. Absent: no line is cut. */
  readonly width?: number | undefined;
  readonly paint?: (style: Style, text: string) => string;
}

const gap = '  ';

/** A table as text, a line each, with titles; every column as wide as its widest cell. */
export function renderTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[], options: TableOptions = {}): string {
  const { width, paint = (_style: Style, text: string) => text } = options;
  const cells = rows.map((row) => columns.map(({ value }) => visible(String(value(row) ?? ''))));
  const widths = columns.map(({ title }, at) => Math.max(lengthOf(title), ...cells.map((line) => lengthOf(line[at] ?? ''))));
  const line = (texts: readonly string[], styleOf: (at: number) => Style | undefined): string => {
    let left = width ?? Number.POSITIVE_INFINITY;
    const painted = texts.map((text, at) => {
      const isLast = at === texts.length - 1;
      const cut = shortened(padded(text, isLast && columns[at]?.align !== 'right' ? 0 : (widths[at] ?? 0), columns[at]?.align), Math.max(0, left));
      left -= lengthOf(cut) + gap.length;
      const style = styleOf(at);
      return style === undefined || cut === '' ? cut : paint(style, cut);
    });
    return painted.join(gap).trimEnd();
  };
  const titles = line(
    columns.map(({ title }) => title),
    () => 'bold',
  );
  return [titles, ...cells.map((texts) => line(texts, (at) => columns[at]?.style))].map((text) => `${text}\n`).join('');
}

function lengthOf(text: string): number {
  return [...text].length;
}

function padded(text: string, width: number, align: Column<unknown>['align']): string {
  const spaces = ' '.repeat(Math.max(0, width - lengthOf(text)));
  return align === 'right' ? spaces + text : text + spaces;
}

function shortened(text: string, width: number): string {
  if (lengthOf(text) <= width) return text;
  return width === 0 ? '' : `${[...text].slice(0, width - 1).join('')}…`;
}
