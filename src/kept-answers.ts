import type { Clock } from './clock.js';
import { Recent } from './recent.js';

export interface KeptLimits {
  /** How long an answer is given again, in milliseconds. A failure is an answer, too. */
  readonly ms: number;
  readonly entries: number;
  /** Questions that are worked on at the same time. Others wait for their turn. */
  readonly atOnce: number;
}

/** Answers to questions that cost work. Who asks the same within a while shares the answer. */
export class KeptAnswers<Answer> {
  readonly #kept: Recent<{ readonly answer: Promise<Answer>; readonly until: number }>;
  readonly #waiting: (() => void)[] = [];
  #working = 0;

  constructor(
    private readonly limits: KeptLimits,
    private readonly clock: Pick<Clock, 'now'>,
  ) {
    this.#kept = new Recent({ entries: limits.entries, weight: limits.entries });
  }

  ask(question: string, work: () => Promise<Answer>): Promise<Answer> {
    const now = this.clock.now();
    const known = this.#kept.get(question);
    if (known !== undefined && now < known.until) return known.answer;
    const answer = this.#inTurn(work);
    this.#kept.add(question, { answer, until: now + this.limits.ms }, 1);
    return answer;
  }

  async #inTurn(work: () => Promise<Answer>): Promise<Answer> {
    if (this.#working < this.limits.atOnce) this.#working += 1;
    else await new Promise<void>((start) => this.#waiting.push(start));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#working -= 1;
      else next();
    }
  }
}
