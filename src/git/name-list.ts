import { grouped } from '../grouped.js';
import { mostFiles, mostListBytes, tooLarge } from './limits.js';
import { decodeName } from './names.js';
import { takeRows } from './rows.js';

/** Memory of a text beyond its characters, including its place in an array. */
const bytesATextTakes = 32;

/** Collects names from NUL-terminated output of git. Fails with `repository-too-large`; `where` describes the output. */
export class NameList {
  readonly names: string[] = [];
  #bytes = 0;

  constructor(private readonly where: string) {}

  readonly take = takeRows(0, (row, isCut) => {
    if (isCut) throw tooLarge(`${this.where} there is a path of more than ${grouped(row.length)} bytes.`);
    this.#bytes += row.length + bytesATextTakes;
    if (this.names.length >= mostFiles || this.#bytes > mostListBytes)
      throw tooLarge(
        `${this.where} more than ${grouped(this.names.length)} paths differ; the limit is ${grouped(mostFiles)}, or ${grouped(mostListBytes)} bytes.`,
      );
    this.names.push(decodeName(row));
  });
}
