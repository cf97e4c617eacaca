/** Follows the end of a log while it is in view. Any movement up stops it. */
export class Follow {
  #isFollowing = false;
  #isAtEnd = false;
  readonly #observer: IntersectionObserver;

  constructor(
    private readonly sentinel: HTMLElement,
    private readonly changed: (isFollowing: boolean) => void,
  ) {
    this.#observer = new IntersectionObserver(([entry]) => {
      this.#isAtEnd = entry?.isIntersecting ?? false;
      if (this.#isAtEnd) this.#set(true);
    });
    this.#observer.observe(sentinel);
    addEventListener('wheel', this.#wheel, { passive: true });
    addEventListener('keydown', this.#key);
    addEventListener('touchmove', this.#stop, { passive: true });
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
    removeEventListener('wheel', this.#wheel);
    removeEventListener('keydown', this.#key);
    removeEventListener('touchmove', this.#stop);
    document.removeEventListener('selectionchange', this.#select);
  }

  #set(isFollowing: boolean): void {
    if (isFollowing === this.#isFollowing) return;
    this.#isFollowing = isFollowing;
    this.changed(isFollowing);
  }

  readonly #stop = (): void => this.#set(false);
  readonly #wheel = ({ deltaY }: WheelEvent): void => {
    if (deltaY < 0) this.#stop();
  };
  readonly #key = ({ key }: KeyboardEvent): void => {
    if (['PageUp', 'ArrowUp', 'Home'].includes(key)) this.#stop();
  };
  readonly #select = (): void => {
    const selection = getSelection();
    if (selection !== null && !selection.isCollapsed) this.#stop();
  };
}
