/** What the demo prints: plain words, coloured on a terminal only. */

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 };

/** A table with columns as wide as their longest cell; the last one is not padded. */
export function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column]))).join('  '),
  );
}

export function createScreen(stream, env = process.env) {
  const coloured = stream.isTTY === true && !env.NO_COLOR;
  const paint = (name, text) => (coloured ? `\u001b[${codes[name]}m${text}\u001b[0m` : text);
  const line = (text) => stream.write(`${text}\n`);
  let chapters = 0;
  return {
    line,
    paint,
    chapter(title) {
      chapters += 1;
      line(`\n${paint('bold', `${chapters}. ${title}`)}`);
    },
    say: (text) => line(`   ${text}`),
    decision({ decision, service, reason }) {
      const word = decision === 'build' ? paint('green', 'build') : paint('yellow', 'skip ');
      line(`   ${word}  ${paint('bold', service)}: ${reason.code}. ${reason.message}`);
    },
    deployment({ environment, status, error, service, release: { number, tag } }, took) {
      const word = paint(status === 'succeeded' ? 'green' : 'yellow', status);
      line(`   ${word}  ${paint('bold', service)} in ${environment}: release ${number} (${tag}), ${took}`);
      if (error !== null) line(`   why  ${error.code}: ${error.message.split('\n').join(' / ')}`);
    },
    log: (service, text) => line(paint('dim', `     ${service} | ${text}`)),
    output: (service, text) => line(`   ${service} prints: ${paint('cyan', text)}`),
    failure: (text) => line(`\n${paint('red', 'The demo failed.')} ${text}`),
  };
}
