/** Memory that several requests share, counted in bytes. */
export interface ByteBudget {
  /** Takes so many bytes; false: there are not so many left, and nothing was taken. */
  take(bytes: number): boolean;
  giveBack(bytes: number): void;
}

/** A budget of `size` bytes. */
export function createByteBudget(size: number): ByteBudget {
  let taken = 0;
  return {
    take(bytes) {
      if (taken + bytes > size) return false;
      taken += bytes;
      return true;
    },
    giveBack(bytes) {
      taken -= bytes;
    },
  };
}
