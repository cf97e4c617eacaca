const colours = [31, 32, 33, 34, 35, 36];

/** A log of that many lines, as colourful tools print it, with `ERROR` in every thousandth. For `RUN cat FILE` of the engine in memory. */
export const colourfulLog = (lines: number): string =>
  Array.from({ length: lines }, (_, at) => {
    const colour = `\u001b[${colours[at % colours.length]}m`;
    const word = at % 1000 === 999 ? `\u001b[1;31mERROR\u001b[0m` : `${colour}step ${at % 97}\u001b[0m`;
    return `[${String(at + 1).padStart(6)}] ${word} of module-${at % 13}: compiled \u001b[2msrc/main/java/Part${at}.java\u001b[22m in ${at % 400} ms`;
  }).join('\n');
