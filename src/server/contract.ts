/** A dependency in /readyz: `ok`, or a sentence that says what is wrong. `setAside` is always ok and names the set-asides. */
export interface Readiness {
  check(): Promise<
    Readonly<
      Record<
        'engine' | 'registry' | 'store' | 'git' | 'disk' | 'setAside',
        { readonly ok: boolean; readonly message: string }
      >
    >
  >;
}
