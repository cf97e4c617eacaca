import { grouped } from '../../grouped.js';
import { MAX_FILES, MAX_LIST_BYTES, tooLarge } from './limits.js';
import { decodeName } from '../../name-bytes.js';
import { takeRows } from './rows.js';

/** Memory of a text beyond its characters, including its place in an array. */
const TEXT_BYTES = 32;

/** Collects names from NUL-terminated output of git. Fails with `repository-too-large`; `where` describes the output. */
export class NameList {
  readonly names: string[] = [];
  #bytes = 0;

  constructor(private readonly where: string) {}

  readonly take = takeRows(0, (row, isCut) => {
    if (isCut) throw tooLarge(`${this.where} there is a path of more than ${grouped(row.length)} bytes.`);
    this.#bytes += row.length + TEXT_BYTES;
    if (this.names.length >= MAX_FILES || this.#bytes > MAX_LIST_BYTES)
      throw tooLarge(
        `${this.where} more than ${grouped(this.names.length)} paths differ; the limit is ${grouped(MAX_FILES)}, or ${grouped(MAX_LIST_BYTES)} bytes.`,
      );
    this.names.push(decodeName(row));
  });
}
