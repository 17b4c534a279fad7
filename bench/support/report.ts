/** How every benchmark says what it measured: a table for people and, with `--json`, a last line for programs. */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';

/** One figure, beside that of a named peer of the same run where there is one. */
export interface Result {
  readonly work: string;
  readonly unit: string;
  readonly ours: number;
  readonly peer: number | null;
  readonly peerName: string | null;
  /** `ours / peer`. */
  readonly ratio: number | null;
  /** What it must reach; `null` where the figure is only told. */
  readonly target: string | null;
  readonly met: boolean | null;
}

export interface Report {
  readonly bench: string;
  readonly results: readonly Result[];
  /** Lines below the table: peers that are missing, what the figures do not say. */
  readonly notes?: readonly string[];
}

/** What is compared with a figure, and what it must reach. */
export interface Against {
  readonly peer?: number | undefined;
  readonly peerName?: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  /** The target is for `ours / peer`, not for `ours`. */
  readonly ofRatio?: boolean;
}

/** A row of the table. */
export function result(work: string, unit: string, ours: number, { peer, peerName, atLeast, atMost, ofRatio = false }: Against = {}): Result {
  const ratio = peer === undefined ? null : ours / peer;
  const judged = ofRatio ? ratio : ours;
  const limit = atLeast ?? atMost;
  return {
    work,
    unit,
    ours,
    peer: peer ?? null,
    peerName: peerName ?? null,
    ratio,
    target: limit === undefined ? null : `${ofRatio ? 'ratio ' : ''}${atLeast === undefined ? '<=' : '>='} ${limit}`,
    met: limit === undefined || judged === null ? null : atLeast === undefined ? judged <= limit : judged >= limit,
  };
}

/** The options that every benchmark takes. `quick`: a smoke run of seconds, whose figures mean little. */
export function benchOptions(): { readonly json: boolean; readonly quick: boolean } {
  const { values } = parseArgs({ options: { json: { type: 'boolean', default: false }, quick: { type: 'boolean', default: false } } });
  return values;
}

/** The machine that a figure belongs to. */
export const machine = (): string => `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`;

/** Prints the table and, with `json`, the same as one JSON object in the last line. */
export function report({ bench, results, notes = [] }: Report, { json }: { readonly json: boolean }): void {
  const rows = [['', 'work', 'ours', 'unit', 'peer', 'ratio', 'target', 'peer name']];
  for (const { met, work, ours, unit, peer, ratio, target, peerName } of results) {
    rows.push([
      met === null ? '' : met ? 'ok' : 'NOT',
      work,
      format(ours),
      unit,
      peer === null ? '-' : format(peer),
      ratio === null ? '-' : format(ratio),
      target ?? '-',
      peerName ?? '-',
    ]);
  }
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length))); // every row has the columns of the first
  const lines = rows.map((row) =>
    row
      .map((cell, column) => (column === 2 || (column > 3 && column < 6) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
  process.stdout.write(`${bench} (${machine()})\n${lines.join('\n')}\n${notes.map((note) => `- ${note}\n`).join('')}`);
  if (json) process.stdout.write(`${JSON.stringify({ bench, machine: machine(), results })}\n`);
}

/** Three digits that say something. */
export function format(value: number): string {
  if (value !== 0 && Math.abs(value) < 0.001) return value.toExponential(2);
  return Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}

/** The value that `share` of the values do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
