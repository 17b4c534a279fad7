/**
 * Says at the end of a run what was skipped, by name, so that nobody takes a skipped test for a passed one; then one plain line with the counts.
 */
export default class SkippedReporter {
  onRunComplete(_contexts, results) {
    const skipped = results.testResults.flatMap((file) =>
      file.testResults.filter(({ status }) => status === 'pending' || status === 'todo').map(({ fullName }) => fullName),
    );
    const groups = new Map();
    for (const name of skipped) groups.set(name, (groups.get(name) ?? 0) + 1);
    const lines =
      skipped.length === 0
        ? []
        : ['', `Skipped, ${skipped.length} in all:`, ...[...groups].map(([name, times]) => `  - ${name}${times > 1 ? ` (${times}×)` : ''}`)];
    lines.push('', `${results.numPassedTests} passed, ${results.numFailedTests} failed, ${skipped.length} skipped`, '');
    process.stdout.write(lines.join('\n'));
  }
}
