/** Follows the end of a log while it is in view. Any movement up stops it, and so does a selection. */
export class Follow {
  #isFollowing = false;
  #lastY = scrollY;
  readonly #observer: IntersectionObserver;

  constructor(
    private readonly sentinel: HTMLElement,
    private readonly changed: (isFollowing: boolean) => void,
  ) {
    this.#observer = new IntersectionObserver(([entry]) => {
      if (entry?.isIntersecting) this.#set(true);
    });
    this.#observer.observe(sentinel);
    addEventListener('scroll', this.#scroll, { passive: true });
    document.addEventListener('selectionchange', this.#select);
  }

  get isFollowing(): boolean {
    return this.#isFollowing;
  }

  /** Goes to the end and follows it. */
  start(): void {
    this.#set(true);
    this.keep();
  }

  stop(): void {
    this.#set(false);
  }

  /** After lines were added: the end stays in view. */
  keep(): void {
    if (this.#isFollowing) this.sentinel.scrollIntoView({ block: 'end' });
  }

  close(): void {
    this.#observer.disconnect();
    removeEventListener('scroll', this.#scroll);
    document.removeEventListener('selectionchange', this.#select);
  }

  #set(isFollowing: boolean): void {
    if (isFollowing === this.#isFollowing) return;
    this.#isFollowing = isFollowing;
    this.changed(isFollowing);
  }

  /** By wheel, key, finger or scroll bar. A step that is folded moves the page up, too, but leaves the end in view. */
  readonly #scroll = (): void => {
    const isUp = scrollY < this.#lastY;
    this.#lastY = scrollY;
    if (isUp && this.sentinel.getBoundingClientRect().top > innerHeight) this.stop();
  };

  readonly #select = (): void => {
    const selection = getSelection();
    if (selection !== null && !selection.isCollapsed) this.stop();
  };
}
