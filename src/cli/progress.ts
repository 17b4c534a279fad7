import type { Output } from './terminal.ts';

/** Shows how far a long piece of work is. */
export interface Progress {
  /** `of` may be 0 or grow. */
  update(done: number, of: number): void;
  /** Takes the bar away. */
  finish(): void;
}

const barWidth = 30;
/** Shortest time between two drawings. */
const redrawMs = 100;
/** Where lines are printed in place of a bar: percent between two of them. */
const stepPercent = 10;

/** On a terminal a bar that is drawn over; elsewhere a line every ten percent. */
export function startProgress(output: Output, label: string): Progress {
  return output.isTTY === true ? bar(output, label) : lines(output, label);
}

export const noProgress: Progress = { update: () => undefined, finish: () => undefined };

function bar(output: Output, label: string): Progress {
  let drawnAt = 0;
  return {
    update(done, of) {
      const now = performance.now();
      if (now - drawnAt < redrawMs && done < of) return;
      drawnAt = now;
      const full = Math.round(share(done, of) * barWidth);
      const text = `${label} [${'#'.repeat(full)}${'.'.repeat(barWidth - full)}] ${percent(done, of)} % (${done}/${of})`;
      output.write(`\r\u001b[2K${text.slice(0, (output.columns ?? 80) - 1)}`);
    },
    finish() {
      if (drawnAt > 0) output.write('\r\u001b[2K');
    },
  };
}

function lines(output: Output, label: string): Progress {
  let next = 0;
  return {
    update(done, of) {
      if (percent(done, of) < next) return;
      next = percent(done, of) + stepPercent - (percent(done, of) % stepPercent);
      output.write(`${label}: ${percent(done, of)} % (${done}/${of})\n`);
    },
    finish: () => undefined,
  };
}

function share(done: number, of: number): number {
  return of === 0 ? 1 : Math.min(1, done / of);
}

function percent(done: number, of: number): number {
  return Math.floor(share(done, of) * 100);
}
